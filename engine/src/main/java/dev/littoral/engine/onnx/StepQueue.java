package dev.littoral.engine.onnx;

import dev.littoral.engine.SequenceClosedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Decides what runs next among the rows that wait, and runs it on the thread of one of those who wait, the leader, so
 * that a lone sequence changes threads never.
 *
 * <p>Decoding sequences run together; between two of their steps at most one piece of a prompt runs, the oldest
 * prompt's, sized by {@link Pace}. When no prompt waits, the leader waits shortly for those of the last step that are
 * known to be back soon, rather than splitting them into two groups that take turns.
 */
final class StepQueue {

    private final StepRunner runner;
    private final Pace pace;
    /** Held while the cache is written; taken fairly, so that a new sequence comes in between two steps. */
    private final ReentrantLock turn = new ReentrantLock(true);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition gathered = lock.newCondition();
    private final Map<Work, Waiter> waiting = new LinkedHashMap<>();
    private final Set<OnnxSequence> expected = new LinkedHashSet<>();
    private final StepCounter counter = new StepCounter();
    private boolean led;
    private boolean promptsTurn;

    /** One who waits: is woken when the work is done, or when it is its turn to lead. */
    private static final class Waiter {

        private final Condition woken;
        private boolean leads;

        Waiter(Condition woken) {
            this.woken = woken;
        }
    }

    StepQueue(StepRunner runner, Pace pace) {
        this.runner = runner;
        this.pace = pace;
    }

    StepCounter counter() {
        return counter;
    }

    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Does something with the cache between two steps. */
    void between(Runnable action) {
        turn.lock();
        try {
            action.run();
        } finally {
            turn.unlock();
        }
    }

    /** Runs a sequence's rows to their end; throws nothing of its own, the work tells. */
    void run(Work work) {
        lock.lock();
        try {
            Waiter waiter = new Waiter(lock.newCondition());
            waiting.put(work, waiter);
            work.sequence().came(System.nanoTime());
            noLongerExpected(work.sequence());
            if (led) {
                while (!work.finished() && !waiter.leads) {
                    waiter.woken.awaitUninterruptibly();
                }
                if (work.finished()) {
                    return;
                }
            }
            led = true;
        } finally {
            lock.unlock();
        }
        lead(work);
    }

    /** Hears that a sequence will ask for nothing more. */
    void forget(OnnxSequence sequence) {
        lock.lock();
        try {
            noLongerExpected(sequence);
        } finally {
            lock.unlock();
        }
    }

    private void noLongerExpected(OnnxSequence sequence) {
        if (expected.remove(sequence) && expected.isEmpty()) {
            gathered.signal();
        }
    }

    private void lead(Work own) {
        try {
            while (!own.finished()) {
                step();
                wake();
            }
        } finally {
            handOver(own);
        }
    }

    private List<Work> next() {
        lock.lock();
        try {
            List<Work> prompts = where(false);
            if (prompts.isEmpty()) {
                gather();
                prompts = where(false);
            }
            List<Work> urgent = where(true);
            if (!prompts.isEmpty() && (promptsTurn || urgent.isEmpty())) {
                promptsTurn = false;
                return List.of(prompts.getFirst());
            }
            promptsTurn = true;
            return urgent;
        } finally {
            lock.unlock();
        }
    }

    private List<Work> where(boolean urgent) {
        return waiting.keySet().stream().filter(work -> work.urgent() == urgent).toList();
    }

    private void gather() {
        long rest = expected.isEmpty() ? 0 : pace.gatherNanos();
        try {
            while (rest > 0 && !expected.isEmpty()) {
                rest = gathered.awaitNanos(rest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        expected.clear();
    }

    private void step() {
        turn.lock();
        try {
            List<Work> open = new ArrayList<>();
            for (Work work : next()) {
                if (work.sequence().closed()) {
                    work.fail(new SequenceClosedException());
                } else {
                    open.add(work);
                }
            }
            if (!open.isEmpty() && open.getFirst().urgent()) {
                urgent(open);
            } else if (!open.isEmpty()) {
                prompt(open.getFirst());
            }
        } finally {
            turn.unlock();
        }
    }

    private void prompt(Work work) {
        long start = System.nanoTime();
        int rows = Math.min(work.restRows(), pace.promptRows(start));
        runner.run(work, rows);
        pace.promptRan(rows, System.nanoTime() - start);
        counter.promptRan(rows);
    }

    private void urgent(List<Work> works) {
        long start = System.nanoTime();
        List<Work> singles = works.stream().filter(Work::single).toList();
        if (!singles.isEmpty()) {
            counter.decodeRan(runner.decode(singles), singles.size());
        }
        for (Work draft : works) {
            if (!draft.single()) {
                counter.promptRan(draft.restRows());
                runner.run(draft, draft.restRows());
            }
        }
        long end = System.nanoTime();
        pace.decodeRan(end - start, end);
        lock.lock();
        try {
            for (Work work : works) {
                work.sequence().served(end);
                if (!work.sequence().closed() && work.sequence().awayNanos() <= pace.gatherNanos()) {
                    expected.add(work.sequence());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        lock.lock();
        try {
            var each = waiting.entrySet().iterator();
            while (each.hasNext()) {
                var entry = each.next();
                if (entry.getKey().finished()) {
                    entry.getValue().woken.signal();
                    each.remove();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets the one who waits longest lead on; an error that no work was told of ends the leader's own. */
    private void handOver(Work own) {
        lock.lock();
        try {
            waiting.remove(own);
            led = false;
            waiting.values().stream().findFirst().ifPresent(next -> {
                led = true;
                next.leads = true;
                next.woken.signal();
            });
        } finally {
            lock.unlock();
        }
    }
}
