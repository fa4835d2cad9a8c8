package dev.littoral.engine.onnx;

import dev.littoral.engine.SequenceClosedException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Decides what runs next among the rows that wait, and runs it on the thread of one of those who wait, the leader, so
 * that a lone sequence changes threads never.
 *
 * <p>Decoding sequences run together; between two of their steps at most one piece of a prompt runs, the oldest
 * prompt's, sized by {@link Pace} while any other sequence is open whose prompt has run. So a row waits for the step that
 * runs as it comes and one such piece, at most. When no prompt waits, the leader waits shortly for those of the last step that are
 * known to be back soon, rather than splitting them into two groups that take turns.
 */
final class StepQueue {

    private final Steps steps;
    private final Pace pace;
    private final LongSupplier nanoTime;
    /** Held while the cache is written; taken fairly, so that a new sequence comes in between two steps. */
    private final ReentrantLock turn = new ReentrantLock(true);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition gathered = lock.newCondition();
    private final Map<Work, Waiter> waiting = new LinkedHashMap<>();
    private final Set<Seat> expected = new LinkedHashSet<>();
    /** Open sequences whose prompts have run, whether they wait or are away, for however long. */
    private final Set<Seat> decoding = new HashSet<>();

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

    StepQueue(Steps steps, Pace pace, LongSupplier nanoTime) {
        this.steps = steps;
        this.pace = pace;
        this.nanoTime = nanoTime;
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
            work.seat().came(nanoTime.getAsLong());
            noLongerExpected(work.seat());
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
    void forget(Seat seat) {
        lock.lock();
        try {
            decoding.remove(seat);
            noLongerExpected(seat);
        } finally {
            lock.unlock();
        }
    }

    private void noLongerExpected(Seat seat) {
        if (expected.remove(seat) && expected.isEmpty()) {
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
                promptsTurn = false; // who gathered has waited
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
                if (work.seat().closed()) {
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
        long start = nanoTime.getAsLong();
        int rows = Math.min(work.promptRows(), pace.promptRows(othersDecode(work)));
        steps.run(work, rows);
        pace.promptRan(rows, nanoTime.getAsLong() - start);
        counter.promptRan(rows);
        lock.lock();
        try {
            begins(work);
        } finally {
            lock.unlock();
        }
    }

    private boolean othersDecode(Work prompt) {
        lock.lock();
        try {
            return decoding.stream().anyMatch(seat -> seat != prompt.seat());
        } finally {
            lock.unlock();
        }
    }

    /** Notes that a sequence decodes from now on, when the last of its prompt ran; the lock is held. */
    private void begins(Work work) {
        if (!work.seat().closed() && work.slot().pastPrompt()) {
            decoding.add(work.seat());
        }
    }

    private void urgent(List<Work> works) {
        long start = nanoTime.getAsLong();
        List<Work> singles = works.stream().filter(Work::single).toList();
        if (!singles.isEmpty()) {
            counter.decodeRan(steps.decode(singles), singles.size());
        }
        for (Work draft : works) {
            if (!draft.single()) {
                counter.promptRan(draft.restRows());
                steps.run(draft, draft.restRows());
            }
        }
        long end = nanoTime.getAsLong();
        pace.decodeRan(end - start);
        lock.lock();
        try {
            for (Work work : works) {
                begins(work);
                work.seat().served(end);
                if (!work.seat().closed() && work.seat().awayNanos() <= pace.gatherNanos()) {
                    expected.add(work.seat());
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
