package dev.littoral.scheduler.length;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.littoral.algorithms.length.Cues;
import dev.littoral.algorithms.length.PromptReading;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
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
    private static final int MOST_CHARACTERS = 8000;
    private static final int OPENING_TOKENS = 11;

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
            OrtSession session = environment.createSession(
                    InnerLayers.outputs(modelFile, List.of(InnerLayers.FOURTH, InnerLayers.FIFTH)), options);
            return new MiniLmEncoder(tokenizer, environment, session);
        } catch (IOException | OrtException | RuntimeException | LinkageError e) {
            throw new EncoderException("the sentence encoder cannot be loaded", e);
        }
    }

    @Override
    public PromptReading read(String prompt, double promptTokens) {
        long[] tokens = tokens(prompt);
        long[] shape = {1, tokens.length};
        long[] ones = new long[tokens.length];
        Arrays.fill(ones, 1);
        try (OnnxTensor ids = OnnxTensor.createTensor(environment, LongBuffer.wrap(tokens), shape);
                OnnxTensor mask = OnnxTensor.createTensor(environment, LongBuffer.wrap(ones), shape);
                OnnxTensor types =
                        OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[tokens.length]), shape);
                OrtSession.Result states =
                        session.run(Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", types))) {
            float[][] lower = scaledTokens((OnnxTensor) states.get(0));
            float[][] upper = scaledTokens((OnnxTensor) states.get(1));
            return new PromptReading(
                    mean(upper, 0, upper.length),
                    mean(upper, Math.min(1, upper.length - 1), Math.min(1 + OPENING_TOKENS, upper.length)),
                    mean(lower, 0, lower.length),
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

    private long[] tokens(String prompt) {
        Encoding encoding = tokenizer.encode(prompt.substring(0, Math.min(prompt.length(), MOST_CHARACTERS)));
        long[] ids = encoding.getIds();
        if (ids.length <= FIRST_TOKENS + LAST_TOKENS) {
            return ids;
        }
        long[] both = Arrays.copyOf(ids, FIRST_TOKENS + LAST_TOKENS);
        System.arraycopy(ids, ids.length - LAST_TOKENS, both, FIRST_TOKENS, LAST_TOKENS);
        return both;
    }

    /** Gives one row of states per token, each scaled to root mean square 1. */
    private static float[][] scaledTokens(OnnxTensor states) {
        FloatBuffer buffer = states.getFloatBuffer();
        float[][] tokens = new float[buffer.remaining() / PromptReading.STATE][PromptReading.STATE];
        for (float[] token : tokens) {
            buffer.get(token);
            float squares = 0;
            for (float state : token) {
                squares += state * state;
            }
            float scale = (float) (1 / Math.sqrt(Math.max(1e-12, squares / token.length)));
            for (int i = 0; i < token.length; i++) {
                token[i] *= scale;
            }
        }
        return tokens;
    }

    private static float[] mean(float[][] tokens, int from, int to) {
        float[] mean = new float[PromptReading.STATE];
        float share = 1f / Math.max(1, to - from);
        for (int token = from; token < to; token++) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += share * tokens[token][i];
            }
        }
        return mean;
    }

    private static InputStream resource(String name) throws IOException {
        InputStream stream = MiniLmEncoder.class.getResourceAsStream(name);
        if (stream == null) {
            throw new FileNotFoundException(name + " is not on the class path");
        }
        return stream;
    }
}
