package dev.littoral.scheduler.request;

import dev.littoral.algorithms.length.Label;
import dev.littoral.algorithms.length.LengthForecast;
import dev.littoral.algorithms.routing.AnswerLength;
import dev.littoral.algorithms.routing.Work;
import java.util.Map;
import java.util.Optional;
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
    private final AnswerLengths lengths;

    /**
     * Starts every deployment with this prior.
     *
     * @param lengths predicts from what is asked, before the mean of the answers so far is taken
     */
    public TokenEstimates(AnswerLength prior, AnswerLengths lengths) {
        this.prior = prior;
        this.lengths = lengths;
    }

    /** Guesses what a request will ask of an agent. */
    public Work expect(String deployment, InferenceRequest request, OptionalInt contextTokens)
            throws InterruptedException {
        Learned learned = learned(deployment);
        double prompt = guess(learned, request.prompt().characters());
        int cap = request.sampling().maxTokens().orElse(contextTokens.orElse(OPEN_ENDED_CAP));
        Optional<LengthForecast> forecast = lengths.forecast(deployment, request, prompt, Math.max(1, cap));
        return forecast.map(told -> new Work(prompt, law(told)))
                .orElseGet(() -> new Work(prompt, learned.answers().expectedTokens(prompt, Math.max(1, cap))))
                .atMost(Math.max(1, Math.min(cap, contextTokens.orElse(OPEN_ENDED_CAP) - prompt)))
                .withPrefix(request.prompt().prefix());
    }

    /** Hands on what routing asks of a forecast: the mean for work, the quantiles for memory and deadlines. */
    private static dev.littoral.algorithms.routing.LengthForecast law(LengthForecast told) {
        double median = Math.max(1, told.medianTokens());
        return new dev.littoral.algorithms.routing.LengthForecast(
                Math.max(1, told.meanTokens()), median, Math.max(median, told.upper90Tokens()));
    }

    /** Learns that an answer was cut by its deadline or its reader after so many tokens. */
    void learnCut(String deployment, InferenceRequest request, int tokens) {
        double promptTokens = guess(learned(deployment), request.prompt().characters());
        lengths.learn(deployment, request, promptTokens, new Label.CutAt(tokens));
    }

    /** Learns from an answer that came to its end; where nobody counted the prompt's tokens they are guessed. */
    public void learn(String deployment, Outcome.Answered answered) {
        Usage usage = answered.usage();
        boolean counted = usage.promptTokens() > 0;
        if (!counted && usage.completionTokens() <= 0) {
            // a server that counts nothing
            return;
        }
        int characters = answered.request().prompt().characters();
        double promptTokens = counted ? usage.promptTokens() : guess(learned(deployment), characters);
        boolean cut = answered.reason() == FinishReason.LENGTH;
        if (answered.choices().size() == 1) {
            int tokens = Math.max(0, usage.completionTokens());
            lengths.learn(
                    deployment,
                    answered.request(),
                    promptTokens,
                    cut ? new Label.CutAt(tokens) : new Label.Ended(tokens));
        }
        byDeployment.compute(deployment, (name, before) -> {
            Learned old = before == null ? new Learned(prior, FIRST_CHARACTERS_PER_TOKEN) : before;
            double ratio = counted ? characters / promptTokens : old.charactersPerToken();
            return new Learned(
                    old.answers().observe(promptTokens, usage.completionTokens(), cut),
                    Math.max(0.1, old.charactersPerToken() * (1 - WEIGHT_OF_LAST) + ratio * WEIGHT_OF_LAST));
        });
    }

    private Learned learned(String deployment) {
        return byDeployment.getOrDefault(deployment, new Learned(prior, FIRST_CHARACTERS_PER_TOKEN));
    }

    private static double guess(Learned learned, int characters) {
        return 1 + characters / learned.charactersPerToken();
    }
}
