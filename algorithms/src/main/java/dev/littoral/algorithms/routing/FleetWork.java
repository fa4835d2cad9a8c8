package dev.littoral.algorithms.routing;

import java.util.List;

/**
 * What a request takes of a whole fleet, if all agents shared it by their speed: {@code p l + q L} seconds.
 *
 * @param perPromptToken p, in seconds
 * @param perAnswerToken q, in seconds
 */
public record FleetWork(double perPromptToken, double perAnswerToken) {

    /** Adds up the speeds of these agents, at least one. */
    public static FleetWork of(List<AgentSnapshot> agents) {
        double prompts = 0;
        double answers = 0;
        for (AgentSnapshot agent : agents) {
            prompts += 1 / agent.times().secondsPerPromptToken();
            answers += agent.slots() / agent.times().perToken(agent.slots());
        }
        return new FleetWork(1 / prompts, 1 / answers);
    }

    /** Gives the seconds of a request that is as long as expected. */
    public double seconds(WaitingRequest request) {
        return seconds(request.promptTokens(), request.answer().meanTokens());
    }

    /** Gives the seconds of these tokens. */
    public double seconds(double promptTokens, double answerTokens) {
        return perPromptToken * promptTokens + perAnswerToken * answerTokens;
    }
}
