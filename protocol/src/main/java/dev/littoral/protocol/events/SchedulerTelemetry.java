package dev.littoral.protocol.events;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * What a scheduler says about the requests that it leads, again and again on {@link Topics#TELEMETRY}.
 *
 * @param scheduler unlike that of every other scheduler
 * @param time when it was measured, by the scheduler's clock
 * @param deployments by namespace/name
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SchedulerTelemetry(String scheduler, Instant time, Map<String, Traffic> deployments) {

    private static final int MAX_NAME_CHARACTERS = 512;
    private static final int MAX_DEPLOYMENTS = 1000;

    /** Rejects what no honest scheduler says, naming the field. */
    public SchedulerTelemetry {
        if (scheduler == null || scheduler.isBlank() || scheduler.length() > MAX_NAME_CHARACTERS) {
            throw new IllegalArgumentException(
                    "scheduler is missing or longer than " + MAX_NAME_CHARACTERS + " characters");
        }
        if (time == null) {
            throw new IllegalArgumentException("time is missing: want an RFC 3339 time");
        }
        if (deployments == null
                || deployments.size() > MAX_DEPLOYMENTS
                || deployments.values().stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("deployments is missing or has more than " + MAX_DEPLOYMENTS);
        }
        deployments = Map.copyOf(deployments);
    }

    /**
     * The traffic of one deployment through one scheduler.
     *
     * @param tokensPerSecond generated lately
     * @param waiting requests that wait for a slot
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Traffic(double tokensPerSecond, int waiting) {

        /** Rejects what cannot be. */
        public Traffic {
            if (!(tokensPerSecond >= 0 && tokensPerSecond < Double.POSITIVE_INFINITY) || waiting < 0) {
                throw new IllegalArgumentException(
                        "want finite numbers, 0 or more: tokensPerSecond " + tokensPerSecond + ", waiting " + waiting);
            }
        }
    }
}
