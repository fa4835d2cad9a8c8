package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.littoral.crds.schema.TextLength;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;

/** One entry of a Secret in the same namespace. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SecretKey(
        @Required
        @Pattern(Names.PATTERN)
        @TextLength(min = 1, max = 253)
        @JsonPropertyDescription("Name of the Secret.")
        String name,

        @Required
        @Pattern("^[-._a-zA-Z0-9]+$")
        @TextLength(min = 1, max = 253)
        @JsonPropertyDescription("Key of the entry.")
        String key) {}
