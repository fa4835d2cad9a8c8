package dev.littoral.agent.openai;

import dev.littoral.agent.serve.Reason;
import dev.littoral.agent.serve.Refusal;
import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Knows the requests that the server works on for this agent, and lets no more through than it takes at once. */
final class ServerSlots {

    private final int slots;
    private final AtomicInteger free;
    private final Set<ForwardedAnswer> open = ConcurrentHashMap.newKeySet();

    ServerSlots(int slots) {
        this.slots = slots;
        this.free = new AtomicInteger(slots);
    }

    int free() {
        return free.get();
    }

    int running() {
        return slots - free.get();
    }

    /** Takes a slot for {@code holder}, or refuses the call. */
    void take(ForwardedAnswer holder) {
        if (free.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
            throw Refusal.of(
                    Status.Code.RESOURCE_EXHAUSTED,
                    Reason.NoFreeSlot,
                    "all " + slots + " slots of the server are taken; try again or ask another agent");
        }
        open.add(holder);
    }

    /** Takes back the slot of {@code holder}, once. */
    void giveBack(ForwardedAnswer holder) {
        if (open.remove(holder)) {
            free.incrementAndGet();
        }
    }

    /** Ends every request. */
    void endAll() {
        open.forEach(ForwardedAnswer::close);
    }
}
