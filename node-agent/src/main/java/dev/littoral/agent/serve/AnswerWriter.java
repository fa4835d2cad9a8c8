package dev.littoral.agent.serve;

import dev.littoral.engine.SequenceClosedException;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;

/** Writes an answer no faster than its reader reads; used by one thread, cancelled by any. */
final class AnswerWriter {

    private final ServerCallStreamObserver<GenerateEvent> reader;
    private final Object lock = new Object();
    private boolean cancelled;

    AnswerWriter(ServerCallStreamObserver<GenerateEvent> reader, int unreadBytes) {
        this.reader = reader;
        reader.setOnReadyThreshold(unreadBytes);
        reader.setOnReadyHandler(this::wake);
    }

    /** Waits until the reader has taken nearly all that was written before. */
    void awaitReader(Patience patience) {
        if (reader.isReady()) {
            return;
        }
        synchronized (lock) {
            patience.await(lock, () -> cancelled || reader.isReady());
            if (cancelled) {
                throw new SequenceClosedException();
            }
            if (!reader.isReady()) {
                throw Refusal.of(
                        Status.Code.ABORTED,
                        Reason.ReaderStalled,
                        "the reader took nothing for " + patience.limit() + "; its slot goes to others");
            }
        }
    }

    void write(GenerateEvent event) {
        reader.onNext(event);
    }

    void complete() {
        reader.onCompleted();
    }

    void fail(RuntimeException cause) {
        reader.onError(cause);
    }

    /** Wakes a thread that waits for the reader, since nobody reads any more. */
    void cancel() {
        synchronized (lock) {
            cancelled = true;
            lock.notifyAll();
        }
    }

    boolean cancelled() {
        synchronized (lock) {
            return cancelled;
        }
    }

    private void wake() {
        synchronized (lock) {
            lock.notifyAll();
        }
    }
}
