package dev.littoral.agent.serve;

import com.google.protobuf.ByteString;
import dev.littoral.engine.Sample;
import dev.littoral.engine.Tokenizer;
import dev.littoral.protocol.agent.v1.TokenChoice;
import dev.littoral.protocol.agent.v1.TokenLogprob;
import java.util.List;

/** Tells tokens by their text, where the request asks for it. */
record TokenTexts(Tokenizer tokenizer, boolean wanted) {

    private static final String BROKEN = "\uFFFD";

    List<TokenChoice> of(List<Sample> samples) {
        return wanted ? samples.stream().map(this::choice).toList() : List.of();
    }

    private TokenChoice choice(Sample sample) {
        TokenChoice.Builder choice = TokenChoice.newBuilder().setChosen(token(sample.token(), sample.logprob()));
        sample.likeliest().forEach(each -> choice.addLikeliest(token(each.token(), each.logprob())));
        return choice.build();
    }

    private TokenLogprob token(int token, double logprob) {
        String text = tokenizer.decode(new int[] {token});
        TokenLogprob.Builder told = TokenLogprob.newBuilder().setText(text).setLogprob(logprob);
        if (!text.contains(BROKEN)) {
            told.setUtf8(ByteString.copyFromUtf8(text));
        }
        return told.build();
    }
}
