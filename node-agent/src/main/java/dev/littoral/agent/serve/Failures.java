package dev.littoral.agent.serve;

import dev.littoral.engine.ChatTemplateException;
import dev.littoral.engine.ContextExceededException;
import dev.littoral.engine.EngineException;
import dev.littoral.engine.NoFreeSlotException;
import dev.littoral.engine.SequenceClosedException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.jboss.logging.Logger;

/** Turns whatever ends a call into the error that its caller sees. */
final class Failures {

    private static final Logger LOG = Logger.getLogger(Failures.class);

    private Failures() {}

    static StatusRuntimeException of(Throwable cause) {
        return switch (cause) {
            case StatusRuntimeException refusal -> refusal;
            case NoFreeSlotException e -> Refusal.of(Status.Code.RESOURCE_EXHAUSTED, Reason.NoFreeSlot, words(e));
            case ContextExceededException e ->
                Refusal.of(Status.Code.INVALID_ARGUMENT, Reason.ContextExceeded, words(e));
            case ChatTemplateException e ->
                Refusal.of(Status.Code.INVALID_ARGUMENT, Reason.ChatTemplateRefused, words(e));
            case SequenceClosedException e ->
                Refusal.of(Status.Code.UNAVAILABLE, Reason.Stopping, "the agent stopped during the sequence");
            case DeadlinePassed e ->
                Refusal.of(
                        Status.Code.DEADLINE_EXCEEDED,
                        Reason.DeadlinePassed,
                        "the deadline passed before the first token");
            case EngineException e -> {
                LOG.warnf("the engine failed: %s", e.getMessage());
                yield Refusal.of(Status.Code.INTERNAL, Reason.EngineFailed, words(e));
            }
            case Throwable e -> {
                LOG.error("a call failed unexpectedly", e);
                yield Refusal.of(Status.Code.INTERNAL, Reason.Unexpected, "the agent failed; its log says why: " + e);
            }
        };
    }

    private static String words(Throwable cause) {
        return String.valueOf(cause.getMessage());
    }
}
