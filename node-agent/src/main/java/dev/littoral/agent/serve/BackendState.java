package dev.littoral.agent.serve;

import dev.littoral.agent.stage.MeasuredRates;
import dev.littoral.protocol.agent.v1.Phase;
import dev.littoral.protocol.agent.v1.StageDescription;
import java.util.Optional;

/**
 * Says how far a backend is and how busy.
 *
 * @param phase of loading
 * @param reason one word in CamelCase when it failed, else empty
 * @param whyNotReady for people; empty when prompts can be answered
 * @param stage what it runs
 * @param freeSlots slots that nothing holds; 0 until it is loaded
 * @param running sequences that hold a slot
 * @param cachedTokens tokens in this process' KV cache
 * @param rates absent until measured
 */
public record BackendState(
        Phase phase,
        String reason,
        String whyNotReady,
        StageDescription stage,
        int freeSlots,
        int running,
        long cachedTokens,
        Optional<MeasuredRates> rates) {

    /** Says whether a prompt would be answered. */
    public boolean ready() {
        return whyNotReady.isEmpty();
    }
}
