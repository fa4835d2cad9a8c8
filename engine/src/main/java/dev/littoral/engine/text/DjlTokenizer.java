package dev.littoral.engine.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.checkpoint.JsonFile;
import dev.littoral.engine.EngineException;
import dev.littoral.engine.TokenStream;
import dev.littoral.engine.Tokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Runs the tokenizer.json of a checkpoint with Hugging Face's own library, through DJL. */
public final class DjlTokenizer implements Tokenizer {

    static {
        // The native library lies in the jar; without this DJL may look for another one on the network.
        if (System.getProperty("ai.djl.offline") == null) {
            System.setProperty("ai.djl.offline", "true");
        }
    }

    private final HuggingFaceTokenizer tokenizer;
    private final Set<Integer> stopTokens;

    private DjlTokenizer(HuggingFaceTokenizer tokenizer, Set<Integer> stopTokens) {
        this.tokenizer = tokenizer;
        this.stopTokens = stopTokens;
    }

    /**
     * Reads {@code tokenizer.json} and the stop tokens of {@code generation_config.json}, else of {@code config.json}.
     *
     * @throws CheckpointException when they are missing or wrong
     */
    public static DjlTokenizer open(Path checkpoint) {
        JsonFile json = JsonFile.require(checkpoint, "tokenizer.json");
        ObjectNode whole = json.root().deepCopy();
        // Length is the engine's business: a tokenizer that cuts or pads prompts would do it unseen.
        whole.putNull("truncation");
        whole.putNull("padding");
        Set<Integer> stopTokens = stopTokens(checkpoint);
        new TokenizerRules(json).require();
        try {
            HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(whole.toString().getBytes(StandardCharsets.UTF_8)),
                    Map.of("truncation", "false", "padding", "false"));
            return new DjlTokenizer(tokenizer, stopTokens);
        } catch (IOException | RuntimeException e) {
            throw json.invalid("", "the tokenizers library refuses it: " + e.getMessage());
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
            long[] ids = tokenizer
                    .encode(withoutBrokenSurrogates(text), addSpecialTokens, false)
                    .getIds();
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
                    : tokenizer.decode(Arrays.stream(tokens).asLongStream().toArray(), true);
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
