package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonProperty;

/** In how many stages a model may run. */
public enum Strategy {

    /** One node where the model fits on one, else as few stages as it takes. */
    @JsonProperty("Auto")
    AUTO,

    /** One node or not at all. */
    @JsonProperty("Whole")
    WHOLE
}
