package dev.littoral.agent;

import dev.littoral.engine.TokenStream;
import dev.littoral.engine.Tokenizer;
import java.util.Arrays;
import java.util.Set;

/** Makes a token of each character; 0 ends an answer. */
final class FakeTokenizer implements Tokenizer {

    @Override
    public int[] encodeRendered(String text) {
        return encode(text);
    }

    @Override
    public int[] encode(String text) {
        return text.chars().map(character -> character % FakeEngine.VOCABULARY).toArray();
    }

    @Override
    public String decode(int[] tokens) {
        return Arrays.stream(tokens)
                .collect(StringBuilder::new, (text, token) -> text.append((char) token), StringBuilder::append)
                .toString();
    }

    @Override
    public TokenStream stream() {
        return new TokenStream() {
            @Override
            public String accept(int token) {
                return String.valueOf((char) token);
            }

            @Override
            public String finish() {
                return "";
            }
        };
    }

    @Override
    public Set<Integer> stopTokens() {
        return Set.of(0);
    }

    @Override
    public void close() {}
}
