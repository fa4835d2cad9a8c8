package dev.littoral.scheduler.agents;

import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The events of one call to an agent, for one thread to take. A few are read ahead of it, so that not each of them has to
 * be asked for; the agent waits while they are not taken.
 */
final class EventStream extends ClientCall.Listener<GenerateEvent> implements AutoCloseable {

    /** The end of a call. */
    record End(Status status, Metadata trailers) {}

    private static final int READ_AHEAD = 8;

    private final ClientCall<GenerateRequest, GenerateEvent> call;
    private final Executor connection;
    private final Thread reader = Thread.currentThread();
    private final Queue<GenerateEvent> events = new ArrayDeque<>();
    private Optional<End> end = Optional.empty();
    private boolean waking;
    private int taken;

    /**
     * Is not begun yet; the calling thread is the one that takes events.
     *
     * @param connection runs tasks on the thread that reads the connection, behind what it has read
     */
    EventStream(ClientCall<GenerateRequest, GenerateEvent> call, Executor connection) {
        this.call = call;
        this.connection = connection;
    }

    void begin(GenerateRequest request, Metadata headers) {
        call.start(this, headers);
        call.request(READ_AHEAD);
        call.sendMessage(request);
        call.halfClose();
    }

    /** Waits for the next event; empty: the call has ended. */
    Optional<GenerateEvent> next() throws InterruptedException {
        while (true) {
            synchronized (this) {
                GenerateEvent event = events.poll();
                if (event != null) {
                    askFor();
                    return Optional.of(event);
                }
                if (end.isPresent()) {
                    return Optional.empty();
                }
            }
            LockSupport.park(this);
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while an agent answered");
            }
        }
    }

    /** Says whether the end of the answer is there, as the next event. */
    synchronized boolean finishesNext() {
        GenerateEvent next = events.peek();
        return next != null && next.hasFinished();
    }

    private void askFor() {
        taken++;
        if (taken == READ_AHEAD / 2 && end.isEmpty()) {
            call.request(taken);
            taken = 0;
        }
    }

    /** Returns how the call ended; only after {@link #next} was empty. */
    synchronized End end() {
        return end.orElseThrow();
    }

    @Override
    public void onMessage(GenerateEvent event) {
        add(event, Optional.empty());
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        add(null, Optional.of(new End(status, trailers)));
    }

    /** Wakes the reader once for all that came in one piece. */
    private void add(@Nullable GenerateEvent event, Optional<End> now) {
        synchronized (this) {
            if (event != null) {
                events.add(event);
            }
            end = now;
            if (waking) {
                return;
            }
            waking = true;
        }
        try {
            connection.execute(this::wake);
        } catch (RejectedExecutionException e) {
            // the client is being closed
            wake();
        }
    }

    private void wake() {
        synchronized (this) {
            waking = false;
        }
        LockSupport.unpark(reader);
    }

    /** Ends the call, if it has not: whatever the reason, the agent's slot is not held any longer. */
    @Override
    public void close() {
        boolean over;
        synchronized (this) {
            over = end.isPresent();
        }
        if (!over) {
            call.cancel("nobody reads the answer any more", null);
        }
    }
}
