package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.littoral.crds.schema.TextLength;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** A server of the OpenAI API that runs on the nodes already, such as llama.cpp, vLLM or Ollama. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodeServer(
        @Required
        @Min(1)
        @Max(65535)
        @JsonPropertyDescription("Port on which it answers plain HTTP at the node's address.")
        Integer port,

        @Required
        @TextLength(min = 1, max = 253)
        @JsonPropertyDescription("The model as the server names it at /v1/models.")
        String model,

        @JsonPropertyDescription("Where the key is that the server wants, if it wants one.") @Nullable
        SecretKey apiKey) {}
