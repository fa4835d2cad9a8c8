package dev.littoral.algorithms.routing;

import java.util.List;

/**
 * What a request takes of a whole fleet, if all agents shared it by their speed: {@code p l + q L} seconds.
 *
 * @param perPromptToken p, in seconds
 * @param perAnswerToken q, in seconds
 */
record FleetWork(double perPromptToken, double perAnswerToken) {

    static FleetWork of(List<AgentSnapshot> agents) {
        double prompts = 0;
        double answers = 0;
        for (AgentSnapshot agent : agents) {
            prompts += 1 / agent.times().secondsPerPromptToken();
            answers += agent.slots() / agent.times().perToken(agent.slots());
        }
        return new FleetWork(1 / prompts, 1 / answers);
    }

    double seconds(WaitingRequest request) {
        return seconds(request.promptTokens(), request.answer().meanTokens());
    }

    double seconds(double promptTokens, double answerTokens) {
        return perPromptToken * promptTokens + perAnswerToken * answerTokens;
    }
}
