package dev.littoral.scheduler.fleet;

import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.events.AgentTelemetry;

/**
 * What an agent last said about itself.
 *
 * @param ready loaded, and its neighbours answer
 * @param contextTokens longest prompt and answer together; 0 when unknown
 * @param kvTokens tokens that its KV cache holds over all sequences; 0 where each slot has room for a whole context
 * @param prefillTokensPerSecond 0.001 to 1e9: guessed until measured
 * @param decodeTokensPerSecond 0.001 to 1e9: guessed until measured
 */
public record AgentFacts(
        boolean ready,
        int slots,
        int freeSlots,
        int contextTokens,
        long kvTokens,
        double prefillTokensPerSecond,
        double decodeTokensPerSecond) {

    private static final double GUESSED_PREFILL = 200;
    private static final double GUESSED_DECODE = 20;

    /** A token in a quarter of an hour: with less, sums over all agents are no numbers any more. */
    private static final double LEAST_RATE = 1e-3;

    private static final double MOST_RATE = 1e9;

    /** Reads a description, bounding what a wrong agent could claim. */
    static AgentFacts of(AgentDescription description) {
        int slots = Math.clamp(description.getSlots(), 0, AgentTelemetry.MAX_SLOTS);
        return new AgentFacts(
                description.getReady(),
                slots,
                Math.clamp(description.getFreeSlots(), 0, slots),
                Math.max(0, description.getStage().getContextTokens()),
                Math.max(0, description.getStage().getKvTokens()),
                rate(description.getRates().getPrefillTokensPerSecond(), GUESSED_PREFILL),
                rate(description.getRates().getDecodeTokensPerSecond(), GUESSED_DECODE));
    }

    /** Takes over what telemetry says anew; readiness and context are not its business. */
    AgentFacts updated(AgentTelemetry telemetry) {
        return new AgentFacts(
                ready,
                telemetry.slots(),
                telemetry.freeSlots(),
                contextTokens,
                kvTokens,
                rate(telemetry.prefillTokensPerSecond(), prefillTokensPerSecond),
                rate(telemetry.decodeTokensPerSecond(), decodeTokensPerSecond));
    }

    AgentFacts unready() {
        return new AgentFacts(
                false, slots, freeSlots, contextTokens, kvTokens, prefillTokensPerSecond, decodeTokensPerSecond);
    }

    private static double rate(double said, double otherwise) {
        return said > 0 && said < Double.POSITIVE_INFINITY ? Math.clamp(said, LEAST_RATE, MOST_RATE) : otherwise;
    }
}
