package dev.littoral.agent.serve;

import dev.littoral.engine.Sample;
import dev.littoral.engine.Sample.TokenLogprob;
import dev.littoral.protocol.agent.v1.RankedToken;
import dev.littoral.protocol.agent.v1.Sampled;

/** Puts a chosen token into the words of the contract between stages, and back. */
final class SampleWords {

    private SampleWords() {}

    static Sampled of(Sample sample, int position) {
        Sampled.Builder sampled = Sampled.newBuilder()
                .setToken(sample.token())
                .setLogprob(sample.logprob())
                .setMargin(sample.margin())
                .setPosition(position)
                .setLikeliestProbability(sample.likeliestProbability())
                .setEntropyNats(sample.entropyNats())
                .setLast(sample.last());
        sample.likeliest()
                .forEach(each -> sampled.addLikeliest(
                        RankedToken.newBuilder().setToken(each.token()).setLogprob(each.logprob())));
        return sampled.build();
    }

    static Sample of(Sampled sampled) {
        return new Sample(
                sampled.getToken(),
                sampled.getLogprob(),
                sampled.getMargin(),
                sampled.getLikeliestProbability(),
                sampled.getEntropyNats(),
                sampled.getLikeliestList().stream()
                        .map(each -> new TokenLogprob(each.getToken(), each.getLogprob()))
                        .toList(),
                sampled.getLast());
    }
}
