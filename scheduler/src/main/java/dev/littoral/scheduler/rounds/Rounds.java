package dev.littoral.scheduler.rounds;

import java.time.Duration;
import java.util.Optional;

/** Does something again and again on a thread of its own, first after one interval; a round that fails ends only itself. */
public final class Rounds implements AutoCloseable {

    private final String name;
    private final Duration interval;
    private final Runnable once;
    private Optional<Thread> thread = Optional.empty();

    /**
     * Does nothing before {@link #start}.
     *
     * @param name of the thread, and what a failure is said of
     * @param interval between the end of a round and the next
     */
    public Rounds(String name, Duration interval, Runnable once) {
        this.name = name;
        this.interval = interval;
        this.once = once;
    }

    /** Begins. */
    public void start() {
        thread = Optional.of(EndlessThread.start(Thread.ofVirtual(), name, () -> {
            Thread.sleep(interval);
            once.run();
        }));
    }

    @Override
    public void close() {
        thread.ifPresent(Thread::interrupt);
    }
}
