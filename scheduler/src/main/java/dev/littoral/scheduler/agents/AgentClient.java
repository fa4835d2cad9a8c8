package dev.littoral.scheduler.agents;

import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.scheduler.request.ReaderGone;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/** Calls agents, blocking the calling thread; an interrupt ends the call on both sides at once. */
public interface AgentClient extends AutoCloseable {

    /** Takes events as they come; while it does not return, few more are read ahead of it. */
    @FunctionalInterface
    interface EventReader {

        /** Takes one event and says whether more are wanted. */
        boolean read(GenerateEvent event) throws InterruptedException, ReaderGone;

        /** Takes an event behind which the answer's end is there already. */
        default boolean readLast(GenerateEvent event) throws InterruptedException, ReaderGone {
            return read(event);
        }
    }

    /** Has one prompt answered. */
    CallEnd generate(String address, GenerateRequest request, Duration timeout, EventReader reader)
            throws InterruptedException, ReaderGone;

    /** Asks an agent about itself; empty when it does not answer in time. */
    Optional<AgentDescription> describe(String address, Duration timeout) throws InterruptedException;

    /** Forgets the connections to all other addresses once their calls have ended. */
    void retain(Collection<String> addresses);

    @Override
    void close();
}
