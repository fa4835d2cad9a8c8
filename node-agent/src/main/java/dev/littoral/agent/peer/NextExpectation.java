package dev.littoral.agent.peer;

import dev.littoral.agent.settings.AgentSettings;
import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.agent.v1.StageDescription;

/** Judges whether the agent that answers is the one that the plan puts after this stage. */
record NextExpectation(AgentSettings settings, int layers) {

    NextState judge(AgentDescription answer, PeerAddress address) {
        StageDescription stage = answer.getStage();
        if (!answer.getPlan().equals(settings.plan())) {
            return mismatch(address, "plan", answer.getPlan(), settings.plan());
        }
        if (!stage.getModel().equals(settings.model())) {
            return mismatch(address, "model", stage.getModel(), settings.model());
        }
        if (stage.getFirstLayer() != settings.stage().endLayer()) {
            return mismatch(
                    address,
                    "first layer",
                    stage.getFirstLayer(),
                    settings.stage().endLayer());
        }
        return switch (answer.getPhase()) {
            case LOADED -> ofLoaded(answer, address);
            case FAILED -> new NextState.Away("NextFailed", address + " failed: " + answer.getReason());
            case LOADING, PHASE_UNSPECIFIED, UNRECOGNIZED ->
                new NextState.Away("NextLoading", address + " is loading its stage");
        };
    }

    private NextState ofLoaded(AgentDescription answer, PeerAddress address) {
        StageDescription stage = answer.getStage();
        if (stage.getLayers() != layers) {
            return mismatch(address, "number of layers", stage.getLayers(), layers);
        }
        if (stage.getContextTokens() < settings.stage().contextTokens()) {
            return mismatch(
                    address,
                    "context in tokens",
                    stage.getContextTokens(),
                    settings.stage().contextTokens());
        }
        return answer.getReady()
                ? new NextState.Ready(address.toString())
                : new NextState.Away("NextNotReady", address + " is loaded but not ready: " + answer.getMessage());
    }

    private static NextState mismatch(PeerAddress address, String what, Object theirs, Object ours) {
        return new NextState.Away(
                "NextMismatch", address + " has the " + what + " '" + theirs + "', expected '" + ours + "'");
    }
}
