package dev.littoral.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.checkpoint.Rotary;
import dev.littoral.checkpoint.TensorNames;
import dev.littoral.engine.EngineException;
import dev.littoral.engine.ProgressListener;
import dev.littoral.engine.StageSpec;
import dev.littoral.engine.ort.NativeMemory;
import dev.littoral.engine.quantize.Calibration;
import dev.littoral.engine.quantize.CalibrationFile;
import dev.littoral.engine.quantize.Crew;
import dev.littoral.engine.quantize.Products;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Runs texts through a checkpoint at 32 bits, layer by layer, and writes down what its matrices are multiplied by and
 * how large keys and values get. Holds one layer, and one row of hidden numbers for each token.
 */
public final class OnnxCalibrator {

    private final Path checkpointFolder;
    private final Path cache;
    private final int threads;
    private final int reach;

    /**
     * Makes one.
     *
     * @param cache folder that the layers are prepared in, for a moment each
     * @param threads of the process's one pool for computing
     * @param reach columns whose products with each other are kept: more finds better steps and takes a larger file
     */
    public OnnxCalibrator(Path checkpoint, Path cache, int threads, int reach) {
        if (reach < 1) {
            throw new IllegalArgumentException("reach is " + reach + " but must be at least 1");
        }
        this.checkpointFolder = checkpoint;
        this.cache = cache;
        this.threads = threads;
        this.reach = reach;
    }

    /**
     * Writes the calibration.
     *
     * @param texts tokens of each, at least one
     * @throws EngineException when a layer does not run, or the file cannot be written
     */
    public void calibrate(List<int[]> texts, Path target, ProgressListener progress) {
        try (Checkpoint checkpoint = Checkpoint.open(checkpointFolder);
                Draft draft = Draft.begin(cache)) {
            CalibrationFile file = new CalibrationFile(reach);
            List<float[]> hidden = embedded(checkpoint, texts);
            int layers = checkpoint.config().layers();
            for (int layer = 0; layer < layers; layer++) {
                progress.progress(layer, layers, "running layer " + layer);
                observe(checkpoint, draft.folder(), layer, hidden, file);
            }
            head(checkpoint, hidden, file);
            file.write(target);
            progress.progress(layers, layers, "written");
        } catch (IOException e) {
            throw new EngineException("the calibration cannot be written to " + target + ": " + e, e);
        } catch (OrtException e) {
            throw new EngineException("ONNX Runtime fails on a text for calibration: " + e.getMessage(), e);
        }
    }

    private static List<float[]> embedded(Checkpoint checkpoint, List<int[]> texts) {
        int size = checkpoint.config().hiddenSize();
        List<float[]> hidden = new ArrayList<>();
        try (Embedding embedding = new Embedding(checkpoint)) {
            for (int[] text : texts) {
                embedding.require(text);
                float[] rows = new float[text.length * size];
                FloatBuffer all = FloatBuffer.wrap(rows);
                for (int token : text) {
                    embedding.read(token, all);
                }
                hidden.add(rows);
            }
        }
        return hidden;
    }

    /** Replaces the hidden numbers by what comes out of the layer. */
    private void observe(Checkpoint checkpoint, Path folder, int layer, List<float[]> hidden, CalibrationFile file)
            throws IOException, OrtException {
        ModelConfig config = checkpoint.config();
        int size = config.hiddenSize();
        int longest = hidden.stream().mapToInt(rows -> rows.length / size).max().orElseThrow();
        StageSpec spec =
                new StageSpec(checkpointFolder, layer, layer + 1, List.of(32), 32, 32, longest, 1, threads, cache);
        Path model = folder.resolve("model.onnx");
        try (WeightWriter weights = new WeightWriter(folder.resolve("weights.bin"));
                Crew crew = new Crew(threads);
                Calibration none = Calibration.none()) {
            Files.write(
                    model,
                    new DecoderGraph(checkpoint, spec, "weights.bin", weights, crew, none, false).buildObserved());
        }
        Map<String, Products> products = new LinkedHashMap<>();
        DecoderGraph.observed(config, layer)
                .forEach((name, numbers) -> products.put(name, new Products(numbers, reach)));
        OrtRuntime runtime = OrtRuntime.with(threads);
        OrtSession session = runtime.open(model);
        try (Arena arena = Arena.ofShared();
                LayerRun run = new LayerRun(runtime.environment(), config, spec, layer, arena)) {
            for (int i = 0; i < hidden.size(); i++) {
                hidden.set(i, run.forward(session, hidden.get(i), products));
            }
            file.magnitudes("layer" + layer + ".key", run.magnitudes("key_"));
            file.magnitudes("layer" + layer + ".value", run.magnitudes("value_"));
        } finally {
            session.close();
            Files.delete(model);
            Files.delete(folder.resolve("weights.bin"));
        }
        products.forEach(file::products);
    }

    /** Works the last norm out here, since the head's graph has it for the last row only. */
    private void head(Checkpoint checkpoint, List<float[]> hidden, CalibrationFile file) {
        ModelConfig config = checkpoint.config();
        int size = config.hiddenSize();
        float[] weight = new NormNodes(checkpoint, new OnnxGraph("")).weight(TensorNames.FINAL_NORM);
        Products products = new Products(size, reach);
        for (float[] rows : hidden) {
            for (int from = 0; from < rows.length; from += size) {
                double square = 0;
                for (int i = 0; i < size; i++) {
                    square += (double) rows[from + i] * rows[from + i];
                }
                float factor = (float) (1 / Math.sqrt(square / size + config.normEpsilon()));
                for (int i = 0; i < size; i++) {
                    rows[from + i] *= factor * weight[i];
                }
            }
            products.add(rows);
        }
        file.products(DecoderGraph.HEAD_INPUT, products);
    }

    /** One layer's buffers. */
    private static final class LayerRun implements AutoCloseable {

        private final OrtEnvironment environment;
        private final ModelConfig config;
        private final int longest;
        private final Map<String, OnnxTensor> fixed = new HashMap<>();
        private final Map<String, OnnxTensor> present = new HashMap<>();
        private final Map<String, FloatBuffer> caches = new HashMap<>();
        private final Map<String, float[]> magnitudes = new HashMap<>();

        LayerRun(OrtEnvironment environment, ModelConfig config, StageSpec spec, int layer, Arena arena)
                throws OrtException {
            this.environment = environment;
            this.config = config;
            this.longest = spec.contextTokens();
            Rotary rotary = DecoderGraph.rotaries(config, spec).getFirst();
            long[] shape = {longest, rotary.dimensions() / 2};
            FloatBuffer cos = floats(arena, shape[0] * shape[1]);
            FloatBuffer sin = floats(arena, shape[0] * shape[1]);
            RotaryTables.fill(rotary, longest, cos, sin);
            fixed.put("cos0", OnnxTensor.createTensor(environment, cos.clear(), shape));
            fixed.put("sin0", OnnxTensor.createTensor(environment, sin.clear(), shape));
            long[] cacheShape = {1, config.kvHeads(), longest, config.headDim()};
            for (String kind : List.of("key_", "value_")) {
                FloatBuffer cache = floats(arena, cacheShape[1] * cacheShape[2] * cacheShape[3]);
                caches.put(kind, cache);
                magnitudes.put(kind, new float[config.kvHeads() * config.headDim()]);
                OnnxTensor tensor = OnnxTensor.createTensor(environment, cache, cacheShape);
                fixed.put("past_" + kind + layer, tensor);
                present.put("present_" + kind + layer, tensor);
            }
        }

        private static FloatBuffer floats(Arena arena, long count) {
            return NativeMemory.zeroed(4 * count, arena)
                    .asByteBuffer()
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }

        float[] forward(OrtSession session, float[] rows, Map<String, Products> products) throws OrtException {
            int size = config.hiddenSize();
            int tokens = rows.length / size;
            long[] shape = {1, tokens, size};
            try (OnnxTensor in = OnnxTensor.createTensor(environment, FloatBuffer.wrap(rows), shape);
                    OnnxTensor position = OnnxTensor.createTensor(
                            environment, IntBuffer.wrap(new int[] {tokens - 1}), new long[] {1});
                    OnnxTensor total =
                            OnnxTensor.createTensor(environment, IntBuffer.wrap(new int[] {tokens}), new long[] {})) {
                Map<String, OnnxTensor> inputs = new HashMap<>(fixed);
                inputs.put("hidden", in);
                inputs.put("last_position", position);
                inputs.put("total_length", total);
                List<String> wanted = new ArrayList<>(products.keySet());
                wanted.add("hidden_out");
                try (OrtSession.Result result = session.run(inputs, new LinkedHashSet<>(wanted), present)) {
                    products.forEach((name, sums) -> sums.add(numbers(result, name)));
                    caches.forEach((kind, cache) -> grow(magnitudes(kind), cache, tokens));
                    return numbers(result, "hidden_out");
                }
            }
        }

        private static float[] numbers(OrtSession.Result result, String name) {
            FloatBuffer buffer = ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
            float[] numbers = new float[buffer.remaining()];
            buffer.get(numbers);
            return numbers;
        }

        private void grow(float[] magnitudes, FloatBuffer cache, int tokens) {
            for (int i = 0; i < magnitudes.length; i++) {
                int head = i / config.headDim();
                for (int token = 0; token < tokens; token++) {
                    int at = (head * longest + token) * config.headDim() + i % config.headDim();
                    magnitudes[i] = Math.max(magnitudes[i], Math.abs(cache.get(at)));
                }
            }
        }

        float[] magnitudes(String kind) {
            return magnitudes.getOrDefault(kind, new float[0]);
        }

        @Override
        public void close() {
            fixed.values().forEach(OnnxTensor::close);
        }
    }
}
