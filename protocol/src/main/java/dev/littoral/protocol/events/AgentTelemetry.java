package dev.littoral.protocol.events;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;

/**
 * What an agent says about itself every second.
 *
 * @param agent the pod's name
 * @param node the node's name
 * @param deployment namespace/name
 * @param plan the plan's id
 * @param firstLayer first layer of its stage; 0 for the agents that take prompts
 * @param slots sequences that can run at once
 * @param freeSlots slots that nothing holds
 * @param runningSequences sequences that hold a slot
 * @param waiting calls that wait for a slot in the agent
 * @param kvUsedTokens tokens in the KV cache over all slots
 * @param prefillTokensPerSecond measured; 0 until then
 * @param decodeTokensPerSecond of one sequence alone, measured; 0 until then
 * @param residentBytes memory of the process
 * @param time when it was measured, by the agent's clock
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record AgentTelemetry(
        String agent,
        String node,
        String deployment,
        String plan,
        int firstLayer,
        int slots,
        int freeSlots,
        int runningSequences,
        int waiting,
        long kvUsedTokens,
        double prefillTokensPerSecond,
        double decodeTokensPerSecond,
        long residentBytes,
        Instant time) {

    /** Most slots that an agent may claim. */
    public static final int MAX_SLOTS = 65_536;

    private static final int MAX_NAME_CHARACTERS = 512;

    /** Rejects what no honest agent says, naming the field. */
    public AgentTelemetry {
        name("agent", agent);
        name("deployment", deployment);
        atLeastZero("firstLayer", firstLayer);
        atLeastZero("slots", slots);
        atLeastZero("freeSlots", freeSlots);
        atLeastZero("runningSequences", runningSequences);
        atLeastZero("waiting", waiting);
        atLeastZero("kvUsedTokens", kvUsedTokens);
        atLeastZero("residentBytes", residentBytes);
        rate("prefillTokensPerSecond", prefillTokensPerSecond);
        rate("decodeTokensPerSecond", decodeTokensPerSecond);
        if (slots > MAX_SLOTS || freeSlots > slots) {
            throw new IllegalArgumentException(
                    "freeSlots " + freeSlots + " of slots " + slots + ": want freeSlots <= slots <= " + MAX_SLOTS);
        }
        if (time == null) {
            throw new IllegalArgumentException("time is missing: want an RFC 3339 time");
        }
    }

    private static void name(String field, String value) {
        if (value == null || value.isBlank() || value.length() > MAX_NAME_CHARACTERS) {
            throw new IllegalArgumentException(
                    field + " is missing or longer than " + MAX_NAME_CHARACTERS + " characters");
        }
    }

    private static void atLeastZero(String field, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(field + " must not be negative: " + value);
        }
    }

    private static void rate(String field, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(field + " must be a finite number, 0 or more: " + value);
        }
    }
}
