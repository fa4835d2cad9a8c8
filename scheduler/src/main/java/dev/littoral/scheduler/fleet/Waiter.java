package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.routing.WaitingRequest;
import java.util.Optional;
import java.util.concurrent.locks.Condition;

/** A request that waits for a slot. Guarded by the queue's lock. */
final class Waiter {

    final Slots.Wish wish;
    final WaitingRequest request;
    final Condition wake;
    /** The agent whose queue it stands in. */
    Optional<String> agent = Optional.empty();

    Optional<Slots.Grant> grant = Optional.empty();
    /** Whether a rule has held it. */
    boolean held;
    /** Whether it waits for an agent to return, as none that is here could end it in time. */
    boolean awaitsReturn;

    Waiter(Slots.Wish wish, WaitingRequest request, Condition wake) {
        this.wish = wish;
        this.request = request;
        this.wake = wake;
    }

    void settle(Slots.Grant result) {
        grant = Optional.of(result);
        wake.signal();
    }

    /** Returns a slot that came too late to be taken. */
    void giveBack() {
        if (grant.isPresent() && grant.orElseThrow() instanceof Slots.Grant.Slot slot) {
            slot.lease().close();
        }
    }
}
