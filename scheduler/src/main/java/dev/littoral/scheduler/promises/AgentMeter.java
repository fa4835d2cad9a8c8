package dev.littoral.scheduler.promises;

/**
 * What an agent did since it was first heard of; never less than before.
 *
 * <p>Its work is shared among all that hold its slots: while {@code n} of its {@code m} sequences are this scheduler's, a
 * second of it is {@code n / m} seconds of work for this one. Over all schedulers it adds up to the seconds in which it was
 * busy.
 *
 * @param pod its name
 * @param busySeconds in which it had at least one sequence, whoever sent it
 * @param workSeconds this scheduler's share of them
 * @param answerSeconds over all answers of this scheduler
 * @param answerTokens of them
 */
public record AgentMeter(
        String pod, double busySeconds, double workSeconds, double answerSeconds, double answerTokens) {

    static final AgentMeter ZERO = new AgentMeter("", 0, 0, 0, 0);

    /** Gives what came since; everything when the agent began anew. */
    AgentMeter since(AgentMeter before) {
        return busySeconds < before.busySeconds || answerTokens < before.answerTokens
                ? this
                : new AgentMeter(
                        pod,
                        busySeconds - before.busySeconds,
                        workSeconds - before.workSeconds,
                        answerSeconds - before.answerSeconds,
                        answerTokens - before.answerTokens);
    }
}
