package dev.littoral.scheduler.length;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.littoral.algorithms.length.Cues;
import dev.littoral.algorithms.length.PromptReading;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Runs the fourth and fifth of all-MiniLM-L6-v2's six layers (8-bit weights, from a jar of LangChain4j) by ONNX Runtime,
 * with DJL's tokenizer, on the calling thread.
 */
public final class MiniLmEncoder implements PromptEncoder {

    /** Of a longer prompt the beginning and the end are read. */
    private static final int FIRST_TOKENS = 192;

    private static final int LAST_TOKENS = 64;
    /** Characters from which to take either of both; the tokens of a prompt that has no more are taken at once. */
    private static final int MOST_CHARACTERS = 8000;

    private static final int OPENING_TOKENS = 11;
    private static final int HEADS = 12;

    private static final String MODEL = "/all-minilm-l6-v2-q.onnx";
    private static final String TOKENIZER = "/all-minilm-l6-v2-q-tokenizer.json";

    static {
        // the tokenizer's native library lies in its jar; without this DJL may look for another one on the network
        if (System.getProperty("ai.djl.offline") == null) {
            System.setProperty("ai.djl.offline", "true");
        }
    }

    private final HuggingFaceTokenizer tokenizer;
    private final OrtEnvironment environment;
    private final OrtSession session;

    private MiniLmEncoder(HuggingFaceTokenizer tokenizer, OrtEnvironment environment, OrtSession session) {
        this.tokenizer = tokenizer;
        this.environment = environment;
        this.session = session;
    }

    /**
     * Loads model and tokenizer from the class path, in less than a second.
     *
     * @throws EncoderException when that fails
     */
    public static MiniLmEncoder load() {
        try (InputStream tokenizerFile = resource(TOKENIZER);
                InputStream modelFile = resource(MODEL);
                OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            HuggingFaceTokenizer tokenizer =
                    HuggingFaceTokenizer.newInstance(tokenizerFile, Map.of("truncation", "false", "padding", "false"));
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            environment.setTelemetry(false);
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            ModelProto model = FusedNodes.in(ModelProto.parseFrom(modelFile), HEADS);
            OrtSession session = environment.createSession(
                    InnerLayers.outputs(model, List.of(InnerLayers.FOURTH, InnerLayers.FIFTH))
                            .toByteArray(),
                    options);
            return new MiniLmEncoder(tokenizer, environment, session);
        } catch (IOException | OrtException | RuntimeException | LinkageError e) {
            throw new EncoderException("the sentence encoder cannot be loaded", e);
        }
    }

    @Override
    public PromptReading read(String prompt, double promptTokens) {
        long[] tokens = tokens(prompt);
        long[] shape = {1, tokens.length};
        try (OnnxTensor ids = OnnxTensor.createTensor(environment, LongBuffer.wrap(tokens), shape);
                OnnxTensor types =
                        OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[tokens.length]), shape);
                OrtSession.Result states = session.run(Map.of("input_ids", ids, "token_type_ids", types))) {
            TokenStates lower = TokenStates.of(((OnnxTensor) states.get(0)).getFloatBuffer());
            TokenStates upper = TokenStates.of(((OnnxTensor) states.get(1)).getFloatBuffer());
            int opening = Math.min(1, upper.tokens() - 1);
            return new PromptReading(
                    upper.mean(0, upper.tokens()),
                    upper.mean(opening, Math.min(1 + OPENING_TOKENS, upper.tokens())),
                    lower.mean(0, lower.tokens()),
                    Cues.of(prompt, promptTokens));
        } catch (OrtException e) {
            throw new EncoderException("the sentence encoder failed", e);
        }
    }

    @Override
    public int wordPieces(String prompt) {
        return tokenizer.encode(prompt).getIds().length;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new EncoderException("the sentence encoder cannot be closed", e);
        }
        tokenizer.close();
    }

    /** Gives the word pieces that are read, the encoder's own two included. */
    long[] tokens(String prompt) {
        if (prompt.length() > MOST_CHARACTERS) {
            return ends(prompt);
        }
        long[] ids = ids(prompt);
        return ids.length <= FIRST_TOKENS + LAST_TOKENS ? ids : joined(ids, FIRST_TOKENS, ids);
    }

    private long[] ends(String prompt) {
        int beginning = MOST_CHARACTERS;
        int end = prompt.length() - MOST_CHARACTERS;
        // a sign of two characters is left out where the cut divides it
        if (Character.isHighSurrogate(prompt.charAt(beginning - 1))) {
            beginning--;
        }
        if (Character.isLowSurrogate(prompt.charAt(end))) {
            end++;
        }
        long[] first = ids(prompt.substring(0, beginning));
        // without the piece that marks the end
        return joined(first, Math.min(FIRST_TOKENS, first.length - 1), ids(prompt.substring(end)));
    }

    private long[] ids(String text) {
        return tokenizer.encode(text).getIds();
    }

    /** Joins the beginning of one to the last of another, but for the piece that marks a beginning. */
    private static long[] joined(long[] first, int fromFirst, long[] last) {
        int fromLast = Math.min(LAST_TOKENS, last.length - 1);
        long[] both = Arrays.copyOf(first, fromFirst + fromLast);
        System.arraycopy(last, last.length - fromLast, both, fromFirst, fromLast);
        return both;
    }

    private static InputStream resource(String name) throws IOException {
        InputStream stream = MiniLmEncoder.class.getResourceAsStream(name);
        if (stream == null) {
            throw new FileNotFoundException(name + " is not on the class path");
        }
        return stream;
    }
}
