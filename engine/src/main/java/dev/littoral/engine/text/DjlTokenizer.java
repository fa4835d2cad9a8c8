package dev.littoral.engine.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.checkpoint.CheckpointException.Reason;
import dev.littoral.checkpoint.JsonFile;
import dev.littoral.engine.EngineException;
import dev.littoral.engine.TokenStream;
import dev.littoral.engine.Tokenizer;
import dev.littoral.engine.ort.NativeMemory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Runs the tokenizer.json of a checkpoint with Hugging Face's own library, through DJL. */
public final class DjlTokenizer implements Tokenizer {

    private final NativeTokenizer tokenizer;
    private final Set<Integer> stopTokens;

    private DjlTokenizer(NativeTokenizer tokenizer, Set<Integer> stopTokens) {
        this.tokenizer = tokenizer;
        this.stopTokens = stopTokens;
    }

    /**
     * Reads {@code tokenizer.json} and the stop tokens of {@code generation_config.json}, else of {@code config.json};
     * the {@code eos_token} of {@code tokenizer_config.json} is one, too: the others may be those of the base model.
     *
     * @throws CheckpointException when they are missing or wrong
     */
    public static DjlTokenizer open(Path checkpoint) {
        Set<Integer> stopTokens = stopTokens(checkpoint);
        String json = PlainCopy.of(checkpoint);
        try {
            NativeTokenizer tokenizer = new NativeTokenizer(json);
            return new DjlTokenizer(tokenizer, withEndOfTurn(checkpoint, tokenizer, stopTokens));
        } catch (RuntimeException e) {
            throw new CheckpointException(
                    Reason.ConfigInvalid,
                    checkpoint.resolve("tokenizer.json").toString(),
                    "",
                    "the tokenizers library refuses it: " + e.getMessage());
        } finally {
            NativeMemory.trim(); // reading it took more than twice of what is kept
        }
    }

    /** Reads the tokens that end an answer. */
    static Set<Integer> stopTokens(Path checkpoint) {
        return Stream.of("generation_config.json", "config.json")
                .flatMap(name -> JsonFile.find(checkpoint, name).stream())
                .filter(json -> !json.field("eos_token_id").isMissingNode())
                .findFirst()
                .map(DjlTokenizer::stopTokens)
                .orElse(Set.of());
    }

    /** Adds the token of tokenizer_config.json, where it is one of the tokenizer's own. */
    private static Set<Integer> withEndOfTurn(Path checkpoint, NativeTokenizer tokenizer, Set<Integer> stopTokens) {
        Optional<String> text = JsonFile.find(checkpoint, "tokenizer_config.json")
                .map(json -> json.field("eos_token"))
                .map(token -> token.isObject() ? token.path("content") : token)
                .map(JsonNode::textValue)
                .filter(token -> !token.isEmpty() && token.length() < MOST_CHARACTERS);
        Set<Integer> all = new TreeSet<>(stopTokens);
        text.map(token -> tokenizer.encode(withoutBrokenSurrogates(token), false))
                .filter(ids -> ids.length == 1)
                .ifPresent(ids -> all.add(Math.toIntExact(ids[0])));
        return Set.copyOf(all);
    }

    private static Set<Integer> stopTokens(JsonFile json) {
        JsonNode value = json.field("eos_token_id");
        Set<Integer> tokens = new TreeSet<>();
        for (JsonNode token : value.isArray() ? value : Set.of(value)) {
            if (!token.isIntegralNumber() || !token.canConvertToInt() || token.intValue() < 0) {
                throw json.invalid("eos_token_id", "it must be a token's number or a list of them");
            }
            tokens.add(token.intValue());
        }
        return Set.copyOf(tokens);
    }

    @Override
    public int[] encodeRendered(String text) {
        return encode(text, false);
    }

    @Override
    public int[] encode(String text) {
        return encode(text, true);
    }

    private int[] encode(String text, boolean addSpecialTokens) {
        if (text.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("the text has %,d characters, but at most %,d are taken: shorten it"
                    .formatted(text.length(), MOST_CHARACTERS));
        }
        try {
            long[] ids = tokenizer.encode(withoutBrokenSurrogates(text), addSpecialTokens);
            return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
        } catch (RuntimeException e) {
            throw refused("encode this text", e);
        }
    }

    /** A tokenizer.json that was taken may still say what fails only when it is used. */
    private static EngineException refused(String what, RuntimeException e) {
        return new EngineException("tokenizer.json cannot " + what + ": " + e.getMessage() + "; fetch it again", e);
    }

    /** Half a surrogate pair is no character; like every UTF-8 encoder, puts U+FFFD in its place. */
    private static String withoutBrokenSurrogates(String text) {
        int[] characters = text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .toArray();
        return new String(characters, 0, characters.length);
    }

    @Override
    public String decode(int[] tokens) {
        try {
            return tokens.length == 0
                    ? ""
                    : tokenizer.decode(Arrays.stream(tokens).asLongStream().toArray());
        } catch (RuntimeException e) {
            throw refused("decode these tokens", e);
        }
    }

    @Override
    public TokenStream stream() {
        return new IncrementalDecoder(this::decode);
    }

    @Override
    public Set<Integer> stopTokens() {
        return stopTokens;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
