package dev.littoral.algorithms.routing;

/** Expected delays on one agent, from the forecasts alone. */
final class DelayModel {

    private DelayModel() {}

    /** Gives the seconds until a request's last token on an agent with a free slot. */
    static double alongside(AgentSnapshot agent, double promptTokens, double answerTokens) {
        ServiceTimes times = agent.times();
        return agent.unreadSeconds()
                + times.prefill(promptTokens)
                + answerTokens * times.perToken(agent.running().size() + 1);
    }

    /**
     * Gives the seconds until a request's last token behind all that the agent has: in a free slot at once, else after
     * the work of its slots and of its queue has made room.
     */
    static double behindAll(AgentSnapshot agent, double promptTokens, double answerTokens) {
        if (agent.freeSlots() > 0 && agent.queue().isEmpty()) {
            return alongside(agent, promptTokens, answerTokens);
        }
        ServiceTimes times = agent.times();
        double queued = 0;
        for (WaitingRequest each : agent.queue()) {
            queued += times.share(each.promptTokens(), each.answer().meanTokens(), agent.slots());
        }
        double firstSlot = agent.freeSlots() > 0 || agent.known() == 0
                ? 0
                : agent.unreadSeconds() + agent.rest(0) * times.perToken(agent.slots());
        return firstSlot + queued + times.prefill(promptTokens) + answerTokens * times.perToken(agent.slots());
    }

    /** Gives the seconds by which a request lengthens the answers that run already, summed over them. */
    static double takenFromOthers(AgentSnapshot agent, double promptTokens, double answerTokens) {
        ServiceTimes times = agent.times();
        return agent.running().size() * times.prefill(promptTokens)
                + times.secondsPerAnswerToken() * times.slope() * agent.tokensBeside(answerTokens);
    }
}
