package dev.littoral.bench.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.checkpoint.Blocks;
import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.Quantization;
import dev.littoral.engine.ProgressListener;
import dev.littoral.engine.Sampler;
import dev.littoral.engine.Sampling;
import dev.littoral.engine.Sequence;
import dev.littoral.engine.Stage;
import dev.littoral.engine.StageInput;
import dev.littoral.engine.StageOutput;
import dev.littoral.engine.StageSpec;
import dev.littoral.engine.onnx.OnnxEngine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs the engine in a process of its own, so that its memory can be measured.
 *
 * <p>Arguments: checkpoint, cache, bits, block size, context tokens, slots, threads.
 */
final class EngineProcess {

    private final Stage stage;
    private final int contextTokens;
    private final int vocabulary;
    private final ExecutorService sessions = Executors.newVirtualThreadPerTaskExecutor();

    private EngineProcess(Stage stage, int contextTokens) {
        this.stage = stage;
        this.contextTokens = contextTokens;
        this.vocabulary = stage.config().vocabularySize();
    }

    /** Answers every line of standard input. */
    public static void main(String[] arguments) throws IOException {
        Path checkpoint = Path.of(arguments[0]);
        int bits = Integer.parseInt(arguments[2]);
        int layers;
        long tokenBytes;
        try (Checkpoint opened = Checkpoint.open(checkpoint)) {
            layers = opened.config().layers();
            tokenBytes = opened.shape()
                    .preparedBytes(
                            0,
                            Quantization.uniform(layers, bits, bits, new Blocks(Integer.parseInt(arguments[3]), true)));
        }
        int contextTokens = Integer.parseInt(arguments[4]);
        StageSpec spec = new StageSpec(
                checkpoint,
                0,
                layers,
                Collections.nCopies(layers, bits),
                bits,
                Integer.parseInt(arguments[3]),
                contextTokens,
                Integer.parseInt(arguments[5]),
                Integer.parseInt(arguments[6]),
                Path.of(arguments[1]));
        ObjectMapper json = new ObjectMapper();
        OnnxEngine engine = new OnnxEngine();
        long promised = engine.footprint(spec).loadBytes();
        long before = ResidentMemory.ofThis();
        long begin = System.nanoTime();
        try (Stage stage = engine.load(spec, ProgressListener.NONE)) {
            var process = new EngineProcess(stage, contextTokens);
            System.out.println(json.writeValueAsString(Map.of(
                    "ready",
                    true,
                    "token_bytes",
                    tokenBytes,
                    "load_seconds",
                    (System.nanoTime() - begin) / 1e9,
                    "resident_before",
                    before,
                    "promised",
                    promised)));
            var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(json.writeValueAsString(Map.of("seconds", process.seconds(json.readTree(line)))));
            }
        }
    }

    private double seconds(JsonNode question) {
        int batch = question.path("batch").asInt(1);
        int prompt = question.path("prompt").asInt();
        int tokens = question.path("tokens").asInt();
        List<Sequence> sequences = new ArrayList<>();
        try {
            for (int i = 0; i < batch; i++) {
                sequences.add(stage.open(contextTokens));
            }
            if (tokens == 0) {
                long begin = System.nanoTime();
                new Sampler(Sampling.GREEDY).sample(forward(sequences.getFirst(), prompt(0, prompt)), 0);
                return (System.nanoTime() - begin) / 1e9;
            }
            for (int i = 0; i < batch; i++) {
                forward(sequences.get(i), prompt(i, prompt));
            }
            long begin = System.nanoTime();
            List<Future<?>> running = new ArrayList<>();
            for (Sequence sequence : sequences) {
                running.add(sessions.submit(() -> decode(sequence, tokens)));
            }
            for (Future<?> each : running) {
                await(each);
            }
            return (System.nanoTime() - begin) / 1e9;
        } finally {
            sequences.forEach(Sequence::close);
        }
    }

    private static void await(Future<?> running) {
        try {
            running.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void decode(Sequence sequence, int tokens) {
        Sampler sampler = new Sampler(Sampling.GREEDY);
        int token = 1;
        for (int i = 0; i < tokens; i++) {
            token = sampler.sample(forward(sequence, token), 0).token();
        }
    }

    private int[] prompt(int session, int length) {
        int[] tokens = new int[length];
        for (int i = 0; i < length; i++) {
            tokens[i] = Math.floorMod(7919 * i + 104_729 * session + 17, vocabulary);
        }
        return tokens;
    }

    private static StageOutput.Logits forward(Sequence sequence, int... tokens) {
        return switch (sequence.forward(new StageInput.Tokens(tokens))) {
            case StageOutput.Logits logits -> logits;
            case StageOutput.Activations _ -> throw new IllegalStateException("one stage holds all layers");
        };
    }
}
