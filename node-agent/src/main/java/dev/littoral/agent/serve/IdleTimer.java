package dev.littoral.agent.serve;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Ends a sequence of which nothing was heard for too long. */
final class IdleTimer {

    private final Duration limit;
    private final Consumer<StatusRuntimeException> end;
    private final ScheduledFuture<?> check;
    private volatile long heardNanos = System.nanoTime();

    IdleTimer(ScheduledExecutorService timers, Duration limit, Consumer<StatusRuntimeException> end) {
        this.limit = limit;
        this.end = end;
        long period = Math.max(1, limit.toNanos() / 4);
        this.check = timers.scheduleWithFixedDelay(this::check, period, period, TimeUnit.NANOSECONDS);
    }

    void heard() {
        heardNanos = System.nanoTime();
    }

    void stop() {
        check.cancel(false);
    }

    private void check() {
        if (System.nanoTime() - heardNanos > limit.toNanos()) {
            end.accept(Refusal.of(
                    Status.Code.ABORTED,
                    Reason.SequenceIdle,
                    "nothing came for " + limit + "; the slot goes to others"));
        }
    }
}
