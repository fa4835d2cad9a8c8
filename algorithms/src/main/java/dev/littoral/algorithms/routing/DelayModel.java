package dev.littoral.algorithms.routing;

/** Expected delays on one agent, from the forecasts alone. */
final class DelayModel {

    private DelayModel() {}

    /** Gives the seconds until a request's last token on an agent with a free slot, which reads only what it does not hold. */
    static double alongside(AgentSnapshot agent, WaitingRequest request) {
        ServiceTimes times = agent.times();
        return agent.unreadSeconds()
                + times.prefill(agent.unheldTokens(request))
                + request.answer().meanTokens() * times.perToken(agent.running().size() + 1);
    }

    /**
     * Gives the seconds until a request's last token behind all that the agent has: in a free slot at once, else after
     * the work of its slots and of its queue has made room.
     */
    static double behindAll(AgentSnapshot agent, WaitingRequest request) {
        if (hasRoom(agent)) {
            return alongside(agent, request);
        }
        ServiceTimes times = agent.times();
        return waitBehindAll(agent)
                + times.prefill(agent.unheldTokens(request))
                + request.answer().meanTokens() * times.perToken(agent.slots());
    }

    /** Says whether a request that is sent there starts at once. */
    static boolean hasRoom(AgentSnapshot agent) {
        return agent.freeSlots() > 0 && agent.queue().isEmpty();
    }

    /** Gives the seconds until all that the agent has leaves a slot to a request that is sent there. */
    static double waitBehindAll(AgentSnapshot agent) {
        if (hasRoom(agent)) {
            return 0;
        }
        ServiceTimes times = agent.times();
        double queued = 0;
        for (WaitingRequest each : agent.queue()) {
            queued += times.share(agent.unheldTokens(each), each.answer().meanTokens(), agent.slots());
        }
        double firstSlot = agent.freeSlots() > 0 || agent.known() == 0
                ? 0
                : agent.unreadSeconds() + agent.rest(0) * times.perToken(agent.slots());
        return firstSlot + queued;
    }

    /** Gives the seconds by which a request lengthens the answers that run already, summed over them. */
    static double takenFromOthers(AgentSnapshot agent, double promptTokens, double answerTokens) {
        ServiceTimes times = agent.times();
        return agent.running().size() * times.prefill(promptTokens)
                + times.secondsPerAnswerToken() * times.slope() * agent.tokensBeside(answerTokens);
    }
}
