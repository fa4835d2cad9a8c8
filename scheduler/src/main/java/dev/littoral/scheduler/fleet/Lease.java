package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.routing.RunningAnswer;
import dev.littoral.algorithms.routing.WaitingRequest;
import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.request.Cancellation;

/** A slot of an agent, held for one attempt at one request. Closing it gives the slot back, once. */
public final class Lease implements AutoCloseable {

    private static final double OBSERVED_EVERY_SECONDS = 0.5;

    private final Fleet fleet;
    private final AgentRef agent;
    private final WaitingRequest request;
    private final Cancellation holder;
    private final double beganSeconds;
    private volatile int answerTokens = -1;
    private int observedTokens;
    private double observedSeconds;
    private volatile boolean lost;

    Lease(Fleet fleet, AgentRef agent, WaitingRequest request, Cancellation holder) {
        this.fleet = fleet;
        this.agent = agent;
        this.request = request;
        this.holder = holder;
        this.beganSeconds = fleet.nowSeconds();
    }

    /** Returns the agent whose slot this is. */
    public AgentRef agent() {
        return agent;
    }

    /** Notes how many tokens the answer has so far; 0 when the prompt is read. For the attempt's thread alone. */
    public void progress(int tokens) {
        double now = fleet.nowSeconds();
        int before = answerTokens;
        answerTokens = Math.max(0, tokens);
        if (before < 0) {
            observedSeconds = now;
            observedTokens = answerTokens;
            double took = now - beganSeconds;
            fleet.observed(agent, (fit, at, sequences) -> fit.read(at, request.promptTokens(), took));
        } else if (now - observedSeconds >= OBSERVED_EVERY_SECONDS) {
            observe(now);
        }
    }

    private void observe(double now) {
        double written = answerTokens - observedTokens;
        double took = now - observedSeconds;
        observedSeconds = now;
        observedTokens = answerTokens;
        fleet.observed(agent, (fit, at, sequences) -> fit.wrote(at, written, took, sequences));
    }

    /** Says that the agent had no slot in truth; it is left alone for a moment. */
    public void exhausted() {
        fleet.exhausted(agent);
    }

    /** Says that the agent did not answer; it is left alone until it describes itself again. */
    public void away() {
        fleet.unreachable(agent);
    }

    /** Says whether the agent was given up for dead while it held this request. */
    public boolean lost() {
        return lost;
    }

    void lose() {
        lost = true;
        holder.interrupt();
    }

    /** Says whether the agent began to answer. */
    boolean began() {
        return answerTokens >= 0;
    }

    /** Returns it as it runs now. */
    RunningAnswer running() {
        int tokens = answerTokens;
        return new RunningAnswer(
                request.deadlineSeconds(),
                tokens < 0 ? request.promptTokens() : 0,
                Math.max(0, tokens),
                request.answer());
    }

    @Override
    public void close() {
        fleet.release(this);
    }
}
