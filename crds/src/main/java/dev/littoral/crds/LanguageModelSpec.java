package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** What the user says about a model: where its checkpoint is. The rest is read from the checkpoint. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LanguageModelSpec(
        @Required @JsonPropertyDescription("Where the checkpoint lies.")
        ModelSource source) {}
