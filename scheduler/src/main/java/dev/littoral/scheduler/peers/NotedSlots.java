package dev.littoral.scheduler.peers;

import dev.littoral.scheduler.fleet.HeldRequest;
import dev.littoral.scheduler.fleet.Slots;

/** Notes which requests wait here, so that none of them counts as another scheduler's. */
public final class NotedSlots implements Slots {

    private final Slots slots;
    private final WaitingBoard board;

    /** Notes who asks for these slots. */
    public NotedSlots(Slots slots, WaitingBoard board) {
        this.slots = slots;
        this.board = board;
    }

    @Override
    public Grant acquire(Wish wish) throws InterruptedException {
        long digest = HeldRequest.digest(wish.sender().request());
        board.came(digest);
        try {
            return slots.acquire(wish);
        } finally {
            board.left(digest);
        }
    }
}
