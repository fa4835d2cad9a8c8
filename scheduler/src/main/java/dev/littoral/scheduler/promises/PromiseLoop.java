package dev.littoral.scheduler.promises;

import dev.littoral.scheduler.rounds.EndlessThread;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Does these tasks again and again on a thread of its own, off the path of requests. */
public final class PromiseLoop implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(PromiseLoop.class);

    private final List<Runnable> tasks;
    private final Duration interval;
    private Optional<Thread> thread = Optional.empty();

    /** Does the tasks in this order every {@code interval}. */
    public PromiseLoop(List<Runnable> tasks, Duration interval) {
        this.tasks = List.copyOf(tasks);
        this.interval = interval;
    }

    /** Begins. */
    public void start() {
        thread = Optional.of(EndlessThread.start(Thread.ofVirtual(), "promises", this::round));
    }

    private void round() throws InterruptedException {
        for (Runnable task : tasks) {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.errorf(e, "promises could not be read; again in %s", interval);
            }
        }
        Thread.sleep(interval);
    }

    @Override
    public void close() {
        thread.ifPresent(Thread::interrupt);
    }
}
