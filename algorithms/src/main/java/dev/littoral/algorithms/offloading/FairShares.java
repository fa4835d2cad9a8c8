package dev.littoral.algorithms.offloading;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Fairness between keys as virtual queues: what a key got beyond an equal share of what all got that had work waits in its
 * queue, and makes its requests stand back.
 *
 * <p>{@code Z_k <- max(Z_k + g_k - sum_i g_i / K, 0)} with K keys that have work. A key that is alone owes nothing, whatever
 * it uses; nobody saves up by being silent. Old debts fade by half every {@code halfLifeSeconds}. At most
 * {@code mostKeys} are remembered; of more, the smallest debts are forgotten, a sixteenth at once. Ours: the source (Argus, arXiv 2512.22925) states
 * long-term promises without one between users; counting service per client is that of Sheng et al. (OSDI 2024).
 */
public final class FairShares {

    private static final double NOTHING = 1e-6;
    private static final double FADES_PER_HALF_LIFE = 100;

    /** Share of the keys, one in so many, whose debts are forgotten when there are too many. */
    private static final int FORGOTTEN_AT_ONCE = 16;

    private final double halfLifeSeconds;
    private final int mostKeys;
    private final Map<Long, VirtualQueue> queues = new HashMap<>();
    private double lastSeconds;

    /**
     * Starts without debts.
     *
     * @param halfLifeSeconds after which a debt counts half, above 0
     * @param mostKeys that are remembered, at least 1
     */
    public FairShares(double halfLifeSeconds, int mostKeys) {
        if (!(halfLifeSeconds > 0) || mostKeys < 1) {
            throw new IllegalArgumentException(
                    "halfLifeSeconds and mostKeys must be positive: " + halfLifeSeconds + ", " + mostKeys);
        }
        this.halfLifeSeconds = halfLifeSeconds;
        this.mostKeys = mostKeys;
    }

    /**
     * Notes that a key got {@code seconds} of the fleet while these keys had work; less than 0 takes back what an answer
     * was too short to use.
     *
     * @param withWork keys that could have been served, the key itself among them or not
     */
    public void served(double nowSeconds, long key, double seconds, Set<Long> withWork) {
        fade(nowSeconds);
        int keys = withWork.size() + (withWork.contains(key) ? 0 : 1);
        if (keys == 1) {
            return;
        }
        double share = seconds / keys;
        change(key, seconds - share);
        if (seconds > 0) {
            // what one got, the others did not: their debts shrink, and with them what is remembered
            for (long other : withWork) {
                if (other != key && queues.containsKey(other)) {
                    change(other, -share);
                }
            }
        }
        if (queues.size() > mostKeys) {
            forgetSmallest(queues.size() - mostKeys + mostKeys / FORGOTTEN_AT_ONCE);
        }
    }

    /** Looks at all of them, and therefore not for one of them. */
    private void forgetSmallest(int count) {
        queues.entrySet().stream()
                .sorted(Comparator.comparingDouble(each -> each.getValue().backlog()))
                .limit(count)
                .map(Map.Entry::getKey)
                .toList()
                .forEach(queues::remove);
    }

    /** Gives what a key owes, in seconds of the fleet. */
    public double owed(double nowSeconds, long key) {
        if (queues.isEmpty()) {
            return 0;
        }
        fade(nowSeconds);
        VirtualQueue queue = queues.get(key);
        return queue == null ? 0 : queue.backlog();
    }

    /** Gives the largest debt of all keys, in seconds of the fleet. */
    public double most(double nowSeconds) {
        fade(nowSeconds);
        return queues.values().stream().mapToDouble(VirtualQueue::backlog).max().orElse(0);
    }

    /** Counts the keys that owe something. */
    public int debtors() {
        return queues.size();
    }

    private void change(long key, double seconds) {
        VirtualQueue queue = queues.getOrDefault(key, VirtualQueue.of(0)).after(seconds);
        if (queue.backlog() > NOTHING) {
            queues.put(key, queue);
        } else {
            queues.remove(key);
        }
    }

    private void fade(double nowSeconds) {
        double past = nowSeconds - lastSeconds;
        // not at every question: there are as many as requests that wait
        if (past > halfLifeSeconds / FADES_PER_HALF_LIFE) {
            double keep = Math.pow(0.5, past / halfLifeSeconds);
            queues.replaceAll((key, queue) -> queue.after(-(1 - keep) * queue.backlog()));
            lastSeconds = nowSeconds;
        }
    }
}
