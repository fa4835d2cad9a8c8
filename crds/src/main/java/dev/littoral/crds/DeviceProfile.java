package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** What a node can do. Each absent figure is taken from the next source: pool, node annotation, operator settings. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeviceProfile(
        @Min(1) @Max(1024) @JsonPropertyDescription("Threads that an agent on the node computes with.") @Nullable
        Integer threads,

        @Min(value = 0, inclusive = false)
        @Max(1e9)
        @JsonPropertyDescription("Sustained rate of the matrix products, in 10^9 floating point operations per second.")
        @Nullable
        Double gflops,

        @Min(1)
        @Max(1e15)
        @JsonPropertyDescription("Sustained rate at which weights are read from memory, in bytes per second.")
        @Nullable
        Long memoryBandwidthBytesPerSecond,

        @Min(0) @Max(1e6) @JsonPropertyDescription("Power drawn while computing, in watts.") @Nullable
        Double watts,

        @Min(1) @Max(1e15) @JsonPropertyDescription("Rate of the link to other nodes, in bytes per second.") @Nullable
        Long linkBytesPerSecond,

        @Min(0) @Max(60) @JsonPropertyDescription("One-way delay of the link to other nodes, in seconds.") @Nullable
        Double linkLatencySeconds) {

    /** Takes every figure from here that is here, and the others from {@code fallback}. */
    public DeviceProfile orElse(DeviceProfile fallback) {
        return new DeviceProfile(
                threads != null ? threads : fallback.threads,
                gflops != null ? gflops : fallback.gflops,
                memoryBandwidthBytesPerSecond != null
                        ? memoryBandwidthBytesPerSecond
                        : fallback.memoryBandwidthBytesPerSecond,
                watts != null ? watts : fallback.watts,
                linkBytesPerSecond != null ? linkBytesPerSecond : fallback.linkBytesPerSecond,
                linkLatencySeconds != null ? linkLatencySeconds : fallback.linkLatencySeconds);
    }
}
