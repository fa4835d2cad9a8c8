package dev.littoral.algorithms.offloading;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Makes an assignment keep within memory and then better by single moves and by swaps of two requests, until none
 * gains. Ours; the source rounds and stops.
 */
final class Descent {

    private static final double NOTICEABLE = 1e-12;
    private static final int NOBODY = -1;

    private final SlotProblem problem;
    private final double[] load;
    private final long[] used;
    private final int[] leavers;
    private final int[] from;
    private int left;
    private long looked;
    private long budget = Long.MAX_VALUE;

    Descent(SlotProblem problem) {
        this.problem = problem;
        this.load = new double[problem.devices()];
        this.used = new long[problem.devices()];
        this.leavers = new int[problem.requests() + 1];
        this.from = new int[problem.requests() + 1];
    }

    /** Makes it keep within memory and moves single requests until none gains; changes {@code devices}. */
    void settle(int[] devices) {
        enter(devices);
        repair(devices);
        while (moves(devices, NOBODY)) {}
    }

    /**
     * Goes on from a settled assignment with swaps, intrusions and absences, until none gains or {@code evaluations} costs
     * were looked at; changes {@code devices}.
     */
    void deepen(int[] devices, long evaluations) {
        enter(devices);
        looked = 0;
        budget = evaluations;
        boolean better = true;
        while (better && looked < budget) {
            better = moves(devices, NOBODY) || swaps(devices) || intrusions(devices) || absences(devices);
        }
    }

    /**
     * Places requests one after the other where each is cheapest then, those that gain most by running first.
     *
     * @param perMemory whether what counts is the gain per unit of memory
     */
    int[] filled(boolean perMemory) {
        int[] devices = new int[problem.requests()];
        Arrays.fill(devices, Assignment.HELD);
        enter(devices);
        double[] gain = new double[devices.length];
        for (int i = 0; i < devices.length; i++) {
            int best = cheapestDevice(i, Assignment.HELD);
            double saved = problem.holdCost(i) - in(i, best);
            gain[i] = perMemory && best != Assignment.HELD ? saved / Math.max(1, problem.memory(i, best)) : saved;
        }
        IntStream.range(0, devices.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -gain[i]))
                .forEach(i -> place(devices, i, cheapestDevice(i, Assignment.HELD)));
        return devices;
    }

    private void enter(int[] devices) {
        Arrays.fill(load, 0);
        Arrays.fill(used, 0);
        for (int i = 0; i < devices.length; i++) {
            take(i, devices[i]);
        }
    }

    /** Sends away from every device that is too full what costs least per unit of memory, first among what suffices. */
    private void repair(int[] devices) {
        for (int j = 0; j < problem.devices(); j++) {
            while (used[j] > problem.freeMemory(j)) {
                int leaving = leastRegretted(devices, j, 0);
                move(devices, leaving, cheapestDevice(leaving, j));
            }
        }
    }

    private boolean moves(int[] devices, int absent) {
        boolean any = false;
        for (int i = 0; i < devices.length; i++) {
            int target = i == absent ? devices[i] : cheapestDevice(i, devices[i]);
            if (target != devices[i] && in(i, target) < out(i, devices[i]) - NOTICEABLE) {
                move(devices, i, target);
                any = true;
            }
        }
        return any;
    }

    private boolean swaps(int[] devices) {
        boolean any = false;
        for (int i = 0; i < devices.length && looked < budget; i++) {
            for (int k = i + 1; k < devices.length; k++) {
                if (devices[i] != devices[k] && swap(devices, i, k)) {
                    any = true;
                }
            }
        }
        return any;
    }

    /** Exchanges the places of two requests if that is better. */
    private boolean swap(int[] devices, int i, int k) {
        int a = devices[i];
        int b = devices[k];
        double before = out(i, a) + out(k, b);
        give(i, a);
        give(k, b);
        if (fits(i, b) && fits(k, a) && in(i, b) + in(k, a) < before - NOTICEABLE) {
            place(devices, i, b);
            place(devices, k, a);
            return true;
        }
        take(i, a);
        take(k, b);
        return false;
    }

    /** Lets every request into every device that is too full for it, at the cost of others there that must leave. */
    private boolean intrusions(int[] devices) {
        boolean any = false;
        for (int i = 0; i < devices.length && looked < budget; i++) {
            for (int j = 0; j < problem.devices(); j++) {
                if (j != devices[i] && problem.possible(i, j) && !fits(i, j) && intrude(devices, i, j)) {
                    any = true;
                }
            }
        }
        return any;
    }

    /** Takes each request out, lets the others settle without it, and puts it where it is cheapest then. */
    private boolean absences(int[] devices) {
        double value = problem.value(new Assignment(devices));
        boolean any = false;
        for (int i = 0; i < devices.length && looked < budget; i++) {
            if (devices[i] != Assignment.HELD) {
                int[] kept = devices.clone();
                move(devices, i, Assignment.HELD);
                while (moves(devices, i)) {}
                move(devices, i, cheapestDevice(i, Assignment.HELD));
                while (moves(devices, NOBODY)) {}
                double without = problem.value(new Assignment(devices));
                if (without < value - NOTICEABLE) {
                    value = without;
                    any = true;
                } else {
                    System.arraycopy(kept, 0, devices, 0, kept.length);
                    enter(devices);
                }
            }
        }
        return any;
    }

    private boolean intrude(int[] devices, int entering, int device) {
        left = 0;
        double change = -out(entering, devices[entering]);
        leave(devices, entering);
        while (!fits(entering, device)) {
            int leaving = leastRegretted(devices, device, problem.memory(entering, device));
            change -= out(leaving, device);
            leave(devices, leaving);
        }
        change += in(entering, device);
        place(devices, entering, device);
        for (int n = 1; n < left; n++) {
            int target = cheapestDevice(leavers[n], Assignment.HELD);
            change += in(leavers[n], target);
            place(devices, leavers[n], target);
        }
        if (change < -NOTICEABLE) {
            return true;
        }
        for (int n = 0; n < left; n++) {
            move(devices, leavers[n], from[n]);
        }
        return false;
    }

    private void leave(int[] devices, int request) {
        leavers[left] = request;
        from[left++] = devices[request];
        move(devices, request, Assignment.HELD);
    }

    /** Finds the request on a device whose going elsewhere costs least for the room that it makes. */
    private int leastRegretted(int[] devices, int device, long wanted) {
        long missing = used[device] + wanted - problem.freeMemory(device);
        int leaving = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < devices.length; i++) {
            if (devices[i] == device && problem.memory(i, device) > 0) {
                double regret = cheapest(i, device) - out(i, device);
                double regretPerUnit = regret / Math.min(problem.memory(i, device), missing);
                if (leaving < 0 || regretPerUnit < least) {
                    leaving = i;
                    least = regretPerUnit;
                }
            }
        }
        return leaving;
    }

    private void place(int[] devices, int request, int device) {
        devices[request] = device;
        take(request, device);
    }

    private void move(int[] devices, int request, int device) {
        give(request, devices[request]);
        place(devices, request, device);
    }

    private void take(int request, int device) {
        if (device != Assignment.HELD) {
            load[device] += problem.work(request, device);
            used[device] += problem.memory(request, device);
        }
    }

    private void give(int request, int device) {
        if (device != Assignment.HELD) {
            load[device] -= problem.work(request, device);
            used[device] -= problem.memory(request, device);
        }
    }

    private boolean fits(int request, int device) {
        return device == Assignment.HELD
                || (problem.possible(request, device)
                        && used[device] + problem.memory(request, device) <= problem.freeMemory(device));
    }

    /** What a request adds that is not there yet. */
    private double in(int request, int device) {
        looked++;
        if (device == Assignment.HELD) {
            return problem.holdCost(request);
        }
        double work = problem.work(request, device);
        return problem.cost(request, device) + work * load[device] + work * work / 2;
    }

    /** What a request that is there would save by leaving. */
    private double out(int request, int device) {
        if (device == Assignment.HELD) {
            return problem.holdCost(request);
        }
        double work = problem.work(request, device);
        return problem.cost(request, device) + work * (load[device] - work) + work * work / 2;
    }

    private double cheapest(int request, int except) {
        return in(request, cheapestDevice(request, except));
    }

    /** Finds where a request would add least, of all places that have room but {@code except}; holding always has. */
    private int cheapestDevice(int request, int except) {
        int best = Assignment.HELD;
        double least = problem.holdCost(request);
        for (int j = 0; j < problem.devices(); j++) {
            if (j != except && problem.cost(request, j) < least && fits(request, j)) {
                double cost = in(request, j);
                if (cost < least) {
                    least = cost;
                    best = j;
                }
            }
        }
        return best;
    }
}
