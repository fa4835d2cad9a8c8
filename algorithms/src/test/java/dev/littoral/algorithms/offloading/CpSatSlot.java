package dev.littoral.algorithms.offloading;

import com.google.ortools.sat.BoolVar;
import com.google.ortools.sat.CpModel;
import com.google.ortools.sat.CpSolver;
import com.google.ortools.sat.CpSolverStatus;
import com.google.ortools.sat.IntVar;
import com.google.ortools.sat.LinearExpr;
import com.google.ortools.sat.LinearExprBuilder;
import com.google.ortools.sat.Literal;
import java.util.ArrayList;
import java.util.List;

/**
 * The oracle that is not ours: the program of a slot as Google's CP-SAT solver (OR-tools) takes it, in whole numbers.
 *
 * <p>With work in units of {@code 1 / GRAIN} s and costs in units of {@code 1 / (2 GRAIN^2)} s^2 the value
 * {@code sum x c + sum h + 1/2 sum W^2} is a whole number of those units, so that a slot {@link #onGrid} is solved without
 * any rounding, by the solver as by us.
 */
final class CpSatSlot {

    private static final int GRAIN = 32;
    private static final int COST_GRAIN = 2 * GRAIN * GRAIN;

    private final SlotProblem problem;
    private final CpModel model = new CpModel();
    private final LinearExprBuilder value = LinearExpr.newBuilder();
    private final List<List<Literal>> placesOf = new ArrayList<>();

    private CpSatSlot(SlotProblem problem) {
        this.problem = problem;
        for (int i = 0; i < problem.requests(); i++) {
            placesOf.add(new ArrayList<>());
            value.add(units(problem.holdCost(i), COST_GRAIN));
        }
    }

    /** Gives a slot whose amounts are the nearest ones that the solver can take. */
    static SlotProblem onGrid(SlotProblem drawn) {
        int requests = drawn.requests();
        int devices = drawn.devices();
        double[][] cost = new double[requests][devices];
        double[][] work = new double[requests][devices];
        long[][] memory = new long[requests][devices];
        long[] free = new long[devices];
        double[] hold = new double[requests];
        for (int j = 0; j < devices; j++) {
            free[j] = drawn.freeMemory(j);
        }
        for (int i = 0; i < requests; i++) {
            hold[i] = Math.rint(drawn.holdCost(i) * COST_GRAIN) / COST_GRAIN;
            for (int j = 0; j < devices; j++) {
                cost[i][j] = Math.rint(drawn.cost(i, j) * COST_GRAIN) / COST_GRAIN;
                work[i][j] = Math.rint(drawn.work(i, j) * GRAIN) / GRAIN;
                memory[i][j] = drawn.memory(i, j);
            }
        }
        return new SlotProblem(cost, work, memory, free, hold);
    }

    /** Gives the least value of any assignment of a slot on the grid, as the solver proves it. */
    static double leastValue(SlotProblem problem) {
        return new CpSatSlot(problem).solve();
    }

    private double solve() {
        for (int j = 0; j < problem.devices(); j++) {
            addDevice(j);
        }
        placesOf.forEach(model::addAtMostOne);
        model.minimize(value);
        CpSolver solver = new CpSolver();
        solver.getParameters().setNumWorkers(1).setRandomSeed(1);
        CpSolverStatus status = solver.solve(model);
        if (status != CpSolverStatus.OPTIMAL) {
            throw new IllegalStateException("the solver proved nothing: " + status);
        }
        return solver.objectiveValue() / COST_GRAIN;
    }

    private void addDevice(int device) {
        LinearExprBuilder load = LinearExpr.newBuilder();
        LinearExprBuilder memory = LinearExpr.newBuilder();
        long mostLoad = 0;
        for (int i = 0; i < problem.requests(); i++) {
            if (problem.possible(i, device)) {
                BoolVar taken = model.newBoolVar("x" + i + "_" + device);
                placesOf.get(i).add(taken);
                long work = units(problem.work(i, device), GRAIN);
                load.addTerm(taken, work);
                memory.addTerm(taken, problem.memory(i, device));
                value.addTerm(
                        taken, units(problem.cost(i, device), COST_GRAIN) - units(problem.holdCost(i), COST_GRAIN));
                mostLoad += work;
            }
        }
        model.addLessOrEqual(memory, problem.freeMemory(device));
        IntVar loaded = model.newIntVar(0, mostLoad, "W" + device);
        IntVar squared = model.newIntVar(0, mostLoad * mostLoad, "W2_" + device);
        model.addEquality(loaded, load);
        model.addMultiplicationEquality(squared, loaded, loaded);
        value.add(squared);
    }

    private static long units(double amount, int grain) {
        double units = amount * grain;
        if (units != Math.rint(units)) {
            throw new IllegalArgumentException(amount + " is no multiple of 1 / " + grain);
        }
        return (long) units;
    }
}
