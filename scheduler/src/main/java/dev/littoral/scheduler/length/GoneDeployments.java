package dev.littoral.scheduler.length;

import dev.littoral.scheduler.directory.Deployment;
import dev.littoral.scheduler.directory.DeploymentDirectory;
import dev.littoral.scheduler.rounds.EndlessThread;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Forgets what was learned of deployments that are gone for some time: every scheduler its own memory, and one of them for
 * all what is kept in the topic. One that comes back before keeps what it learned.
 */
public final class GoneDeployments implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(GoneDeployments.class);
    private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(1);
    private static final int LOOKS = 4;

    /** A deployment that is replaced is gone for a moment. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final DeploymentDirectory directory;
    private final PredictedLengths lengths;
    private final KeptAnswers kept;
    private final BooleanSupplier writes;
    private final Duration forgetAfter;
    private final LongSupplier nanoTime;
    private final Map<String, Long> missedSince = new HashMap<>();
    private Optional<Thread> thread = Optional.empty();

    /**
     * Puts the parts together.
     *
     * @param writes whether this scheduler is the one that writes for all
     * @param forgetAfter how long a deployment must be gone, as seen from here
     */
    public GoneDeployments(
            DeploymentDirectory directory,
            PredictedLengths lengths,
            KeptAnswers kept,
            BooleanSupplier writes,
            Duration forgetAfter,
            LongSupplier nanoTime) {
        if (forgetAfter.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("littoral.length.forget-after must be at least 1s: " + forgetAfter);
        }
        this.directory = directory;
        this.lengths = lengths;
        this.kept = kept;
        this.writes = writes;
        this.forgetAfter = forgetAfter;
        this.nanoTime = nanoTime;
    }

    /** Starts to look, four times in {@code forgetAfter} and at least every minute. */
    public void start() {
        Duration often = forgetAfter.dividedBy(LOOKS);
        Duration interval = often.compareTo(LONGEST_INTERVAL) < 0 ? often : LONGEST_INTERVAL;
        thread = Optional.of(EndlessThread.start(Thread.ofVirtual(), "gone-deployments", () -> {
            Thread.sleep(interval);
            look();
        }));
    }

    void look() {
        if (!directory.known()) {
            return;
        }
        Set<String> inTopic = kept.deployments();
        Set<String> missed = new HashSet<>(lengths.deployments());
        missed.addAll(inTopic);
        directory.all().stream().map(Deployment::key).forEach(missed::remove);
        missedSince.keySet().retainAll(missed);
        long now = nanoTime.getAsLong();
        missed.forEach(each -> missedSince.putIfAbsent(each, now));
        Set<String> gone = missedSince.entrySet().stream()
                .filter(each -> now - each.getValue() >= forgetAfter.toNanos())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
        for (String deployment : gone) {
            lengths.forget(deployment);
            if (inTopic.contains(deployment) && writes.getAsBoolean()) {
                LOG.infof("%s is gone for %s: what was learned of it is forgotten", deployment, forgetAfter);
                kept.drop(deployment);
            }
        }
    }

    @Override
    public void close() {
        thread.ifPresent(Thread::interrupt);
    }
}
