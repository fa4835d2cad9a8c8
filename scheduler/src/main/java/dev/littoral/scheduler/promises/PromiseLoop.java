package dev.littoral.scheduler.promises;

import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/** Does these tasks again and again on a thread of its own, off the path of requests. */
public final class PromiseLoop implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(PromiseLoop.class);

    private final List<Runnable> tasks;
    private final Duration interval;
    private final Thread thread;

    /** Does the tasks in this order every {@code interval}. */
    public PromiseLoop(List<Runnable> tasks, Duration interval) {
        this.tasks = List.copyOf(tasks);
        this.interval = interval;
        this.thread = Thread.ofVirtual().name("promises").unstarted(this::run);
    }

    /** Begins. */
    public void start() {
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                for (Runnable task : tasks) {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        LOG.errorf(e, "promises could not be read; again in %s", interval);
                    }
                }
                Thread.sleep(interval);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
