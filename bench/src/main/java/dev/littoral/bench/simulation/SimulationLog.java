package dev.littoral.bench.simulation;

import java.util.Arrays;

/** What came of the requests. */
final class SimulationLog {

    private final boolean endsAtDeadline;
    private final double[] latency;
    private final double[] perToken;
    private final int[] met = new int[3];
    private final int[] asked = new int[3];
    private final double[] ends;
    private int answered;
    private int missed;
    private int evicted;
    private int refused;
    int mostWaiting;
    double lastEnd;

    SimulationLog(int requests, boolean endsAtDeadline) {
        this.endsAtDeadline = endsAtDeadline;
        this.latency = new double[requests];
        this.perToken = new double[requests];
        this.ends = new double[requests];
    }

    boolean endsAtDeadline() {
        return endsAtDeadline;
    }

    void asked(SimulatedRequest request) {
        asked[request.service]++;
    }

    void answered(SimulatedRequest request, double now) {
        latency[answered] = now - request.asked.arrivalSeconds();
        perToken[answered] = latency[answered] / request.answerTokens;
        ends[answered] = now;
        answered++;
        lastEnd = Math.max(lastEnd, now);
        if (now <= request.asked.deadlineSeconds() + 1e-9) {
            met[request.service]++;
        }
    }

    void missed(SimulatedRequest request) {
        missed++;
    }

    void refused(SimulatedRequest request) {
        refused++;
        missed++;
    }

    void evicted() {
        evicted++;
    }

    int ended() {
        return answered + missed;
    }

    int evictions() {
        return evicted;
    }

    int refusals() {
        return refused;
    }

    double metShare() {
        return (double) Arrays.stream(met).sum() / Arrays.stream(asked).sum();
    }

    double metShare(int service) {
        return asked[service] == 0 ? 1 : (double) met[service] / asked[service];
    }

    double[] latencies() {
        return Arrays.copyOf(latency, answered);
    }

    /** Gives when answers ended, in the order in which they did. */
    double[] ends() {
        return Arrays.copyOf(ends, answered);
    }

    double[] perToken() {
        return Arrays.copyOf(perToken, answered);
    }
}
