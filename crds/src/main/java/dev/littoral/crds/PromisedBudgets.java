package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** What the answers of a deployment may use in the long run; nothing is promised where a figure is absent. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PromisedBudgets(
        @Min(value = 0, inclusive = false)
        @Max(1e6)
        @JsonPropertyDescription("Energy per answer token, in joules, by the watts of the nodes' profiles.")
        @Nullable
        Double joulesPerToken,

        @Min(0)
        @Max(1e9)
        @JsonPropertyDescription(
                "Money per 1,000 answer tokens, in the unit of the pools' moneyPerHour; 0 for none while"
                        + " a replica answers that costs nothing.")
        @Nullable
        Double moneyPerThousandTokens,

        @Min(0)
        @Max(1)
        @JsonPropertyDescription("Share of answer tokens that may come from variants with few bits per weight; 0 for"
                + " none while another replica answers.")
        @Nullable
        Double lowBitShare,

        @Min(0) @Max(1) @JsonPropertyDescription("Share of requests that may miss their deadline.") @Nullable
        Double missedShare) {}
