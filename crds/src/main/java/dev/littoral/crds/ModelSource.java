package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.littoral.crds.schema.TextLength;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/** Where a model's checkpoint lies. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ModelSource(
        @Required
        @TextLength(max = 1024)
        @ValidationRule(
                value = "self.matches('^[a-z][a-z0-9+.-]*://.+$')",
                message = "uri must be a scheme and a path, such as file:///models/target")
        @ValidationRule(
                value = "!self.startsWith('file://') || self.startsWith('file:///')",
                message = "a file uri needs an absolute path after its two slashes, such as file:///models/target")
        @ValidationRule(
                value = "!self.contains('/../') && !self.endsWith('/..')",
                message = "uri must not contain a .. segment")
        @JsonPropertyDescription("Folder in Hugging Face layout (config.json, tokenizer.json, *.safetensors) as a URI."
                + " file:///path is the same path on every node that runs the model; other schemes are taken but"
                + " reported as SourceUnsupported until they work.")
        String uri) {}
