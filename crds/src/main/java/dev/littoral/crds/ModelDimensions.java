package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** Sizes of a decoder-only transformer, from which memory and work of every range of layers follow. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ModelDimensions(
        @Required @JsonPropertyDescription("Width of the hidden state.")
        Integer hiddenSize,

        @Required @JsonPropertyDescription("Attention heads of the queries.")
        Integer heads,

        @Required @JsonPropertyDescription("Attention heads of keys and values.")
        Integer kvHeads,

        @Required @JsonPropertyDescription("Width of one attention head.")
        Integer headDim,

        @Required @JsonPropertyDescription("Inner width of the feed-forward network.")
        Integer feedForwardSize,

        @Required @JsonPropertyDescription("Tokens in the vocabulary.")
        Integer vocabularySize,

        @Required @JsonPropertyDescription("What is added to the mean square in each norm.")
        Double normEpsilon,

        @Required @JsonPropertyDescription("Base of the rotary positions.")
        Double ropeTheta,

        @Required @JsonPropertyDescription("Bytes of each number of the embedding as stored.")
        Integer embeddingElementBytes,

        @Required @JsonPropertyDescription("Whether the output head is the embedding matrix again.")
        Boolean tiedEmbeddings) {}
