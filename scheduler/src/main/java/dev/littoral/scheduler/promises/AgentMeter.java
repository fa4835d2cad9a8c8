package dev.littoral.scheduler.promises;

/**
 * What an agent did for this scheduler since it was first heard of; never less than before.
 *
 * @param pod its name
 * @param workSeconds in which it had at least one answer
 * @param answerSeconds over all its answers
 * @param answerTokens of them
 */
public record AgentMeter(String pod, double workSeconds, double answerSeconds, double answerTokens) {

    static final AgentMeter ZERO = new AgentMeter("", 0, 0, 0);

    /** Gives what came since; everything when the agent began anew. */
    AgentMeter since(AgentMeter before) {
        return workSeconds < before.workSeconds || answerTokens < before.answerTokens
                ? this
                : new AgentMeter(
                        pod,
                        workSeconds - before.workSeconds,
                        answerSeconds - before.answerSeconds,
                        answerTokens - before.answerTokens);
    }
}
