package dev.littoral.scheduler.request;

import dev.littoral.algorithms.routing.AnswerLength;
import dev.littoral.algorithms.routing.Work;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/** Guesses the tokens of prompts and answers, per deployment, and learns from finished requests. */
public final class TokenEstimates {

    private static final double FIRST_CHARACTERS_PER_TOKEN = 3.5;
    private static final double WEIGHT_OF_LAST = 0.05;
    private static final int OPEN_ENDED_CAP = 1 << 20;

    private record Learned(AnswerLength answers, double charactersPerToken) {}

    private final Map<String, Learned> byDeployment = new ConcurrentHashMap<>();
    private final AnswerLength prior;

    /** Starts every deployment with this prior. */
    public TokenEstimates(AnswerLength prior) {
        this.prior = prior;
    }

    /** Guesses what a request will ask of an agent. */
    public Work expect(String deployment, InferenceRequest request, OptionalInt contextTokens) {
        Learned learned = byDeployment.getOrDefault(deployment, new Learned(prior, FIRST_CHARACTERS_PER_TOKEN));
        double prompt = 1 + request.prompt().characters() / learned.charactersPerToken();
        int cap = request.sampling().maxTokens().orElse(contextTokens.orElse(OPEN_ENDED_CAP));
        return new Work(prompt, learned.answers().expectedTokens(prompt, Math.max(1, cap)));
    }

    /** Learns from an answer that came to its end. */
    public void learn(String deployment, Outcome.Answered answered) {
        Usage usage = answered.usage();
        if (usage.promptTokens() <= 0) {
            return;
        }
        double ratio = (double) answered.request().prompt().characters() / usage.promptTokens();
        byDeployment.compute(deployment, (name, before) -> {
            Learned old = before == null ? new Learned(prior, FIRST_CHARACTERS_PER_TOKEN) : before;
            return new Learned(
                    old.answers()
                            .observe(
                                    usage.promptTokens(),
                                    usage.completionTokens(),
                                    answered.reason() == FinishReason.LENGTH),
                    Math.max(0.1, old.charactersPerToken() * (1 - WEIGHT_OF_LAST) + ratio * WEIGHT_OF_LAST));
        });
    }
}
