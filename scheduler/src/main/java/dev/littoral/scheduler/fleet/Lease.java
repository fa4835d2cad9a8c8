package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.routing.RunningAnswer;
import dev.littoral.algorithms.routing.WaitingRequest;
import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.request.Cancellation;
import java.util.function.IntConsumer;

/** A slot of an agent, held for one attempt at one request. Closing it gives the slot back, once. */
public final class Lease implements AutoCloseable {

    private static final double OBSERVED_EVERY_SECONDS = 0.5;

    private final Fleet fleet;
    private final AgentRef agent;
    private final WaitingRequest request;
    private final Cancellation holder;
    private final double beganSeconds;
    private final double unheldTokens;
    private final double aheadTokens;
    private final IntConsumer ending;
    private volatile int answerTokens = -1;
    private int observedTokens;
    private double observedSeconds;
    private volatile boolean lost;
    /** As it ran when it was last looked at; guarded by the fleet's lock. */
    private RunningAnswer seen;

    /**
     * Takes a slot.
     *
     * @param unheldTokens of its prompt that the agent has to read
     * @param aheadTokens of other prompts that it has to read first
     * @param ending is told the answer's tokens when the slot is given back; -1 when the prompt was not read
     */
    Lease(
            Fleet fleet,
            AgentRef agent,
            WaitingRequest request,
            Cancellation holder,
            double unheldTokens,
            double aheadTokens,
            IntConsumer ending) {
        this.fleet = fleet;
        this.agent = agent;
        this.request = request;
        this.holder = holder;
        this.beganSeconds = fleet.nowSeconds();
        this.unheldTokens = unheldTokens;
        this.aheadTokens = aheadTokens;
        this.ending = ending;
        this.seen = new RunningAnswer(request.deadlineSeconds(), unheldTokens, 0, request.answer());
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
            fleet.read(this, request.prefix());
            observedSeconds = now;
            observedTokens = answerTokens;
            // of a prompt that is mostly held the time tells little of reading
            if (unheldTokens >= request.promptTokens() / 2) {
                double took = now - beganSeconds;
                fleet.observed(agent, (fit, at, sequences) -> fit.read(at, unheldTokens + aheadTokens, took));
            }
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

    /** Counts the tokens that came. */
    int answerTokens() {
        return Math.max(0, answerTokens);
    }

    /** Returns the room that prompt and answer keep: nine of ten such answers, as long as this one is by now, fit in. */
    double reservedTokens() {
        return request.promptTokens() + request.answer().upperAfter(answerTokens());
    }

    /** Tells the one who waits for its end. */
    void end() {
        ending.accept(answerTokens);
    }

    /** Says whether the agent began to answer. */
    boolean began() {
        return answerTokens >= 0;
    }

    /** Returns it as it runs now; each decision looks at all that run, and few have changed since the one before. */
    RunningAnswer running() {
        int tokens = answerTokens;
        double unread = tokens < 0 ? unheldTokens : 0;
        int written = Math.max(0, tokens);
        if (seen.unreadTokens() != unread || seen.writtenTokens() != written) {
            seen = new RunningAnswer(request.deadlineSeconds(), unread, written, request.answer());
        }
        return seen;
    }

    /** Returns the tokens of its prompt that the agent still has to read. */
    double unreadTokens() {
        return answerTokens < 0 ? unheldTokens : 0;
    }

    @Override
    public void close() {
        fleet.release(this);
    }
}
