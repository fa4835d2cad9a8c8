package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.routing.RunningAnswer;
import dev.littoral.algorithms.routing.ServiceFit;
import dev.littoral.algorithms.routing.WaitingRequest;
import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.request.Cancellation;
import java.util.function.IntConsumer;

/** A slot of an agent, held for one attempt at one request. Closing it gives the slot back, once. */
public final class Lease implements AutoCloseable {

    private static final double OBSERVED_EVERY_SECONDS = 0.5;

    /** Share of another prompt's reading until which tokens may come that were on their way. */
    private static final double STILL = 0.1;

    private final Fleet fleet;
    private final AgentRef agent;
    private final WaitingRequest request;
    private final Cancellation holder;
    private final double beganSeconds;
    private final double unheldTokens;
    private final IntConsumer ending;
    private volatile boolean began;
    private volatile int answerTokens = -1;
    private volatile double heardSeconds;
    private volatile boolean listens = true;
    /** Where the tokens that the fit does not know yet begin; written under the fleet's lock. */
    private volatile double observedSeconds;
    /** Guarded by the fleet's lock. */
    private int observedTokens;

    private volatile boolean lost;
    /** As it ran when it was last looked at; guarded by the fleet's lock. */
    private RunningAnswer seen;
    /** Whether its agent read beside it what was never read to its end; guarded by the fleet's lock. */
    private boolean readBesideAnother;

    /**
     * Takes a slot.
     *
     * @param unheldTokens of its prompt that the agent has to read
     * @param ending is told the answer's tokens when the slot is given back; -1 when the agent did not take the prompt
     */
    Lease(
            Fleet fleet,
            AgentRef agent,
            WaitingRequest request,
            Cancellation holder,
            double unheldTokens,
            IntConsumer ending) {
        this.fleet = fleet;
        this.agent = agent;
        this.request = request;
        this.holder = holder;
        this.beganSeconds = fleet.nowSeconds();
        this.unheldTokens = unheldTokens;
        this.ending = ending;
        this.seen = new RunningAnswer(request.deadlineSeconds(), unheldTokens, 0, request.answer());
    }

    /** Returns the agent whose slot this is. */
    public AgentRef agent() {
        return agent;
    }

    /** Notes that the agent took the prompt, which it may have yet to read. */
    public void started() {
        began = true;
    }

    /** Notes that an event came, so that the agent is not waited for until {@link #listens}. */
    public void heard() {
        listens = false;
    }

    /** Notes that the answer's reader took what came, so that whatever is waited for now is the agent. */
    public void listens() {
        heardSeconds = fleet.nowSeconds();
        listens = true;
    }

    /** Notes how many tokens the answer has so far, so that the prompt is read. For the attempt's thread alone. */
    public void progress(int tokens) {
        double now = fleet.nowSeconds();
        boolean first = !read();
        began = true;
        heardSeconds = now;
        answerTokens = Math.max(0, tokens);
        if (first) {
            fleet.read(this, answerTokens);
        } else if (now - observedSeconds >= OBSERVED_EVERY_SECONDS) {
            fleet.observe(this);
        }
    }

    /** Says whether the prompt is read, as only the answer's beginning tells. */
    public boolean read() {
        return answerTokens >= 0;
    }

    /** Begins to observe how fast the answer is written. Under the fleet's lock. */
    void observeFrom(double now) {
        observedSeconds = now;
        observedTokens = answerTokens;
    }

    /** Tells the fit how long the tokens took that it does not know yet. Under the fleet's lock. */
    void observe(ServiceFit fit, double now, int sequences) {
        double written = answerTokens - observedTokens;
        double took = now - observedSeconds;
        observeFrom(now);
        fit.wrote(now, written, took, sequences);
    }

    /** Leaves out the time of another prompt's reading, if this answer stood still meanwhile. Under the fleet's lock. */
    void stoodStill(double from, double until) {
        if (read() && heardSeconds - from <= STILL * (until - from)) {
            double before = observedSeconds;
            double since = Math.max(from, Math.max(heardSeconds, before));
            observedSeconds = before + Math.max(0, until - since);
        }
    }

    /**
     * Tells the fit of a token that is late, as if it came now. Under the fleet's lock.
     *
     * @param stillUntil before which the agent is expected to read another prompt
     * @param perToken how long a token usually takes
     * @return whether one is
     */
    boolean late(ServiceFit fit, double now, double stillUntil, double perToken, int sequences) {
        double silence = now - Math.max(heardSeconds, stillUntil);
        if (!listens || !read() || silence < OBSERVED_EVERY_SECONDS || silence <= perToken) {
            return false;
        }
        fit.wrote(now, 1, silence, sequences);
        return true;
    }

    /** Says whether its thread waits for the agent, not for the answer's reader. */
    boolean listening() {
        return listens;
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
        ending.accept(began ? answerTokens() : -1);
    }

    /** Says whether the agent took the prompt. */
    boolean began() {
        return began;
    }

    /** Returns it as it runs now; each decision looks at all that run, and few have changed since the one before. */
    RunningAnswer running(double unreadTokens) {
        int written = answerTokens();
        if (seen.unreadTokens() != unreadTokens || seen.writtenTokens() != written) {
            seen = new RunningAnswer(request.deadlineSeconds(), unreadTokens, written, request.answer());
        }
        return seen;
    }

    /** Returns what was asked. */
    WaitingRequest request() {
        return request;
    }

    double beganSeconds() {
        return beganSeconds;
    }

    /** Returns the tokens of its prompt that the agent had to read at the start. */
    double unheldTokens() {
        return unheldTokens;
    }

    void readBesideAnother() {
        readBesideAnother = true;
    }

    /** Says whether the time of its reading tells how fast the agent reads: of a prompt that is mostly held it does not. */
    boolean tellsOfReading() {
        return !readBesideAnother && unheldTokens >= request.promptTokens() / 2;
    }

    @Override
    public void close() {
        fleet.release(this);
    }
}
