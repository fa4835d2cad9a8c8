package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.routing.Work;
import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.request.Cancellation;

/** A slot of an agent, held for one attempt at one request. Closing it gives the slot back, once. */
public final class Lease implements AutoCloseable {

    private final Fleet fleet;
    private final AgentRef agent;
    private final Work work;
    private final Cancellation holder;
    private volatile int answerTokens = -1;
    private volatile boolean lost;

    Lease(Fleet fleet, AgentRef agent, Work work, Cancellation holder) {
        this.fleet = fleet;
        this.agent = agent;
        this.work = work;
        this.holder = holder;
    }

    /** Returns the agent whose slot this is. */
    public AgentRef agent() {
        return agent;
    }

    /** Notes how many tokens the answer has so far; 0 when the prompt is read. */
    public void progress(int tokens) {
        answerTokens = Math.max(0, tokens);
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

    /** Returns the seconds that this attempt still needs if it ran alone. */
    double remainingSeconds(AgentFacts facts) {
        int tokens = answerTokens;
        double prompt = tokens < 0 ? work.promptTokens() / facts.prefillTokensPerSecond() : 0;
        // an answer that has outrun its estimate is taken to need a tenth of it more
        double answer = Math.max(work.answerTokens() - Math.max(0, tokens), work.answerTokens() / 10);
        return prompt + answer / facts.decodeTokensPerSecond();
    }

    @Override
    public void close() {
        fleet.release(this);
    }
}
