package dev.littoral.scheduler.kafka;

import dev.littoral.scheduler.rounds.EndlessThread;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * Asks up to where readers can read, for the finals of all partitions of a scheduler together: a question costs scheduler
 * and broker more than a request does, and no more for many partitions than for one.
 */
final class FinalsWatch implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(FinalsWatch.class);

    private final StableEnds ends;
    private final Duration pause;
    private final Duration longPause;
    private final int many;
    private final Set<UnseenFinals> watched = new LinkedHashSet<>();
    private Optional<Thread> thread = Optional.empty();
    private boolean news;
    private boolean closed;
    /** For the thread alone: whether it was said that the broker does not answer. */
    private boolean said;

    /**
     * Asks nothing while nothing waits.
     *
     * @param pause between two questions while so {@code many} finals wait
     * @param longPause while fewer do: they hold nobody up
     */
    FinalsWatch(StableEnds ends, Duration pause, Duration longPause, int many) {
        this.ends = ends;
        this.pause = pause;
        this.longPause = longPause;
        this.many = many;
    }

    /** Asks for these, too. */
    synchronized void join(UnseenFinals finals) {
        watched.add(finals);
        wake();
    }

    /** Asks for these no more. */
    synchronized void part(UnseenFinals finals) {
        watched.remove(finals);
    }

    /** Says that a final waits. */
    synchronized void wake() {
        news = true;
        run();
        notifyAll();
    }

    /** Whatever its thread died of, the next one who wants something is served. */
    private void run() {
        if (!closed && !watched.isEmpty() && thread.filter(Thread::isAlive).isEmpty()) {
            thread = Optional.of(EndlessThread.start(Thread.ofPlatform().daemon(), "finals-seen", this::round));
        }
    }

    private void round() throws InterruptedException {
        List<UnseenFinals.Waiting> now = some();
        safely(now);
        int finals = now.stream().mapToInt(UnseenFinals.Waiting::finals).sum();
        Thread.sleep(finals < many ? longPause : pause);
    }

    private List<UnseenFinals.Waiting> some() throws InterruptedException {
        while (true) {
            List<UnseenFinals> all;
            synchronized (this) {
                all = List.copyOf(watched);
                news = false;
            }
            List<UnseenFinals.Waiting> now =
                    all.stream().flatMap(each -> each.waiting().stream()).toList();
            if (!now.isEmpty()) {
                return now;
            }
            synchronized (this) {
                while (!news) {
                    wait();
                }
            }
        }
    }

    private void safely(List<UnseenFinals.Waiting> now) {
        try {
            look(now);
        } catch (RuntimeException | Error e) {
            // whoever waits is opened anew, and this goes on for all partitions
            now.forEach(UnseenFinals.Waiting::lost);
            LOG.error("finals cannot be seen by a fault of the scheduler's own, and their ids are opened anew", e);
        }
    }

    private void look(List<UnseenFinals.Waiting> now) {
        Map<Integer, Long> told;
        try {
            told = ends.of(
                    now.stream().flatMap(each -> each.partitions().stream()).collect(Collectors.toUnmodifiableSet()));
        } catch (KafkaException e) {
            refused(now, Set.of(), String.valueOf(e.getMessage()));
            return;
        }
        now.forEach(each -> each.told(told));
        refused(now, told.keySet(), "the broker does not answer in time");
    }

    /** Says so once, when it lasts: answers are written, but their requests do not end. */
    private void refused(List<UnseenFinals.Waiting> now, Set<Integer> told, String why) {
        boolean lasts = now.stream().anyMatch(each -> each.untoldForLong(told));
        if (lasts && !said) {
            LOG.warnf("whether finals can be read is not told, and asked again and again: %s", why);
        }
        said = lasts;
    }

    @Override
    public synchronized void close() {
        closed = true;
        thread.ifPresent(Thread::interrupt);
    }
}
