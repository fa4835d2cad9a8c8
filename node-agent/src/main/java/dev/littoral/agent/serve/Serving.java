package dev.littoral.agent.serve;

import dev.littoral.agent.peer.NextStage;
import dev.littoral.agent.peer.NextState;
import dev.littoral.agent.settings.AgentSettings;
import dev.littoral.agent.stage.LoadState;
import dev.littoral.agent.stage.StageLoader;
import dev.littoral.protocol.agent.v1.AgentGrpc;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Holds what every call needs.
 *
 * @param stopping true once the agent takes no new sequence
 */
public record Serving(
        AgentSettings settings, StageLoader loader, NextStage next, OpenSequences sequences, AtomicBoolean stopping) {

    /** Says for people why this agent is not ready; empty when it is. */
    public String whyNotReady() {
        if (stopping.get()) {
            return "the agent is stopping";
        }
        return switch (loader.state()) {
            case LoadState.Loading loading -> "loading: " + loading.step();
            case LoadState.Failed failed -> failed.message();
            case LoadState.Loaded loaded ->
                switch (next.state()) {
                    case NextState.Away away -> away.message();
                    case NextState.None none -> "";
                    case NextState.Ready ready -> "";
                };
        };
    }

    /** Gives the loaded stage, or refuses the call. */
    LoadState.Loaded loaded() {
        if (stopping.get()) {
            throw Refusal.of(Status.Code.UNAVAILABLE, Reason.Stopping, "this agent is stopping; ask another");
        }
        return switch (loader.state()) {
            case LoadState.Loaded loaded -> loaded;
            case LoadState.Loading loading ->
                throw Refusal.of(
                        Status.Code.UNAVAILABLE, Reason.NotLoaded, "the stage is being loaded: " + loading.step());
            case LoadState.Failed failed ->
                throw Refusal.of(Status.Code.UNAVAILABLE, Reason.NotLoaded, failed.reason() + ": " + failed.message());
        };
    }

    /** Gives the way to the next stage, or refuses the call. */
    AgentGrpc.AgentStub nextStub() {
        if (next.state() instanceof NextState.Away away) {
            throw Refusal.of(Status.Code.UNAVAILABLE, Reason.NextStageAway, away.reason() + ": " + away.message());
        }
        return next.stub()
                .orElseThrow(() -> Refusal.of(
                        Status.Code.UNAVAILABLE, Reason.NextStageAway, "the address of the next stage is not known"));
    }
}
