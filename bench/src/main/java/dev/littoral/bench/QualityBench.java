package dev.littoral.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.bench.files.FigureFile;
import dev.littoral.checkpoint.Blocks;
import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.LayerBits;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.checkpoint.ModelShape;
import dev.littoral.checkpoint.Quantization;
import dev.littoral.engine.ProgressListener;
import dev.littoral.engine.Rounding;
import dev.littoral.engine.Sequence;
import dev.littoral.engine.Stage;
import dev.littoral.engine.StageInput;
import dev.littoral.engine.StageOutput;
import dev.littoral.engine.StageSpec;
import dev.littoral.engine.TokenStream;
import dev.littoral.engine.Tokenizer;
import dev.littoral.engine.onnx.OnnxCalibrator;
import dev.littoral.engine.onnx.OnnxEngine;
import dev.littoral.engine.quality.Divergence;
import dev.littoral.engine.quality.Texts;
import dev.littoral.engine.quality.Texts.Text;
import dev.littoral.engine.quantize.Calibration;
import dev.littoral.engine.text.DjlTokenizer;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What fewer bits cost on a trained model: divergence from 32 bits, right answers, bytes. */
@Command(
        name = "quality",
        mixinStandardHelpOptions = true,
        description = "Bits, roundings and blocks: divergence, right answers and bytes on a trained model.")
final class QualityBench implements Callable<Integer> {

    @Option(names = "--model", defaultValue = "models/target", description = "Default ${DEFAULT-VALUE}.")
    private Path model = Path.of("");

    @Option(
            names = "--prompts",
            defaultValue = "models/prompts.jsonl",
            description = "Questions with right answers that the model did not learn from; default ${DEFAULT-VALUE}.")
    private Path prompts = Path.of("");

    @Option(
            names = "--calibration",
            defaultValue = "models/calibration.jsonl",
            description = "Questions to calibrate on; default ${DEFAULT-VALUE}.")
    private Path calibration = Path.of("");

    @Option(names = "--reach", defaultValue = "256", description = "Of the calibration; default ${DEFAULT-VALUE}.")
    private int reach;

    @Option(names = "--limit", defaultValue = "0", description = "Most texts; 0: all.")
    private int limit;

    @Option(names = "--out", defaultValue = "bench/results", description = "Folder for quality.json.")
    private Path out = Path.of("");

    /** One row of the table. */
    private record Way(
            String name,
            LayerBits bits,
            int headBits,
            Blocks blocks,
            Rounding rounding,
            boolean calibrated,
            int kvBits) {}

    private final int threads = Runtime.getRuntime().availableProcessors();

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("littoral-quality");
        try (Tokenizer tokenizer = DjlTokenizer.open(model)) {
            ModelConfig config = ModelConfig.read(model);
            Path plain = copy(folder.resolve("plain"));
            Path calibrated = copy(folder.resolve("calibrated"));
            Texts reader = new Texts(model, tokenizer, config.contextTokens());
            List<Text> all = reader.read(prompts);
            List<Text> texts = limit > 0 ? all.subList(0, Math.min(limit, all.size())) : all;
            new OnnxCalibrator(calibrated, folder.resolve("cache"), threads, reach)
                    .calibrate(
                            reader.read(calibration).stream().map(Text::tokens).toList(),
                            calibrated.resolve(Calibration.FILE),
                            ProgressListener.NONE);
            ObjectNode figures = new ObjectMapper().createObjectNode();
            figures.put("texts", texts.size()).put("reach", reach);
            figures.put("calibration_bytes", Files.size(calibrated.resolve(Calibration.FILE)));
            ArrayNode rows = figures.putArray("rows");
            System.out.printf("%-44s%14s%12s%12s%14s%n", "", "KL, MICRONATS", "SAME BEST", "RIGHT", "BYTES");
            try (Stage exact = load(plain, folder, config, ways().getFirst())) {
                List<float[][]> right = new ArrayList<>();
                for (Text text : texts) {
                    right.add(logits(exact, text));
                }
                for (Way way : ways()) {
                    measure(way.calibrated() ? calibrated : plain, folder, config, way, texts, right, tokenizer, rows);
                }
            }
            Path file = out.resolve("quality.json");
            FigureFile.write(file, figures);
            System.out.println("figures: " + file);
            return 0;
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static List<Way> ways() {
        Blocks block = new Blocks(32, true);
        Blocks zeroPoints = new Blocks(32, false);
        List<Way> ways = new ArrayList<>();
        ways.add(way("32 bits", 32, 32, block, Rounding.TUNED, false, 32));
        ways.add(way("16 bits", 16, 16, block, Rounding.TUNED, false, 32));
        ways.add(way("32 bits, cache 16", 32, 32, block, Rounding.TUNED, true, 16));
        ways.add(way("32 bits, cache 8", 32, 32, block, Rounding.TUNED, true, 8));
        for (int bits : new int[] {8, 4, 2}) {
            ways.add(way(bits + " bits, absmax", bits, 8, block, Rounding.ABSMAX, false, 32));
            ways.add(way(bits + " bits, tuned", bits, 8, block, Rounding.TUNED, false, 32));
            ways.add(way(bits + " bits, calibrated", bits, 8, block, Rounding.TUNED, true, 32));
            ways.add(way(bits + " bits, calibrated, zero points", bits, 8, zeroPoints, Rounding.TUNED, true, 32));
        }
        for (int size : new int[] {64, 128}) {
            for (boolean symmetric : new boolean[] {true, false}) {
                String name = "4 bits, calibrated, block " + size + (symmetric ? "" : ", zero points");
                ways.add(way(name, 4, 8, new Blocks(size, symmetric), Rounding.TUNED, true, 32));
            }
        }
        ways.add(way("4 bits, head 4, calibrated", 4, 4, block, Rounding.TUNED, true, 32));
        ways.add(new Way("8/4 bits, calibrated", new LayerBits(8, 4), 8, block, Rounding.TUNED, true, 32));
        ways.add(way("4 bits, calibrated, cache 8", 4, 8, block, Rounding.TUNED, true, 8));
        return ways;
    }

    private static Way way(
            String name, int bits, int headBits, Blocks blocks, Rounding rounding, boolean calibrated, int kvBits) {
        return new Way(name, LayerBits.of(bits), headBits, blocks, rounding, calibrated, kvBits);
    }

    private Path copy(Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(model)) {
            for (Path file :
                    files.filter(file -> !file.endsWith(Calibration.FILE)).toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return to;
    }

    private Stage load(Path checkpoint, Path folder, ModelConfig config, Way way) {
        Quantization quantization =
                new Quantization(Collections.nCopies(config.layers(), way.bits()), way.headBits(), way.blocks());
        return new OnnxEngine()
                .load(
                        new StageSpec(
                                checkpoint,
                                0,
                                config.layers(),
                                quantization,
                                way.rounding(),
                                way.kvBits(),
                                config.contextTokens(),
                                1,
                                threads,
                                folder.resolve("cache")),
                        ProgressListener.NONE);
    }

    private void measure(
            Path checkpoint,
            Path folder,
            ModelConfig config,
            Way way,
            List<Text> texts,
            List<float[][]> right,
            Tokenizer tokenizer,
            ArrayNode rows) {
        Divergence divergence = new Divergence();
        int answered = 0;
        try (Stage stage = load(checkpoint, folder, config, way)) {
            for (int i = 0; i < texts.size(); i++) {
                Text text = texts.get(i);
                float[][] logits = logits(stage, text);
                for (int row = 0; row < logits.length; row++) {
                    divergence.add(
                            FloatBuffer.wrap(right.get(i)[row]),
                            FloatBuffer.wrap(logits[row]),
                            text.tokens()[text.firstMeasured() + row]);
                }
                answered += answer(stage, text, tokenizer).strip().equals(text.answer()) ? 1 : 0;
            }
        }
        long bytes = bytes(checkpoint, way);
        double share = 100.0 * answered / texts.size();
        System.out.printf(
                Locale.ROOT,
                "%-44s%14.1f%11.2f%%%7d/%d%14d%n",
                way.name(),
                1e6 * divergence.klNats(),
                100 * divergence.agreement(),
                answered,
                texts.size(),
                bytes);
        rows.addObject()
                .put("name", way.name())
                .put("bits", way.bits().toString())
                .put("head_bits", way.headBits())
                .put("block", way.blocks().size())
                .put("symmetric", way.blocks().symmetric())
                .put("rounding", way.rounding().name().toLowerCase(Locale.ROOT))
                .put("calibrated", way.calibrated())
                .put("kv_bits", way.kvBits())
                .put("kl_nats", divergence.klNats())
                .put("same_best", divergence.agreement())
                .put("right_answers_percent", share)
                .put("prepared_bytes", bytes);
    }

    private static long bytes(Path checkpoint, Way way) {
        try (Checkpoint opened = Checkpoint.open(checkpoint)) {
            ModelShape shape = opened.shape();
            return shape.preparedBytes(
                    0, new Quantization(Collections.nCopies(shape.layers(), way.bits()), way.headBits(), way.blocks()));
        }
    }

    /** Gives the logits of every token that is to be predicted. */
    private static float[][] logits(Stage stage, Text text) {
        int[] tokens = text.tokens();
        float[][] rows = new float[tokens.length - text.firstMeasured()][];
        try (Sequence sequence = stage.open(tokens.length)) {
            rows[0] = row(sequence, Arrays.copyOf(tokens, text.firstMeasured()));
            for (int i = 1; i < rows.length; i++) {
                rows[i] = row(sequence, tokens[text.firstMeasured() + i - 1]);
            }
        }
        return rows;
    }

    private static float[] row(Sequence sequence, int... tokens) {
        return switch (sequence.forward(new StageInput.Tokens(tokens))) {
            case StageOutput.Logits logits -> {
                FloatBuffer row = logits.lastRow();
                float[] copy = new float[row.remaining()];
                row.get(copy);
                yield copy;
            }
            case StageOutput.Activations _ -> throw new IllegalStateException("the only stage is the last");
        };
    }

    /** Takes the likeliest token until the model ends, or the answer is longer than the right one can be. */
    private static String answer(Stage stage, Text text, Tokenizer tokenizer) {
        int most = text.tokens().length - text.firstMeasured() + 8;
        StringBuilder said = new StringBuilder();
        TokenStream stream = tokenizer.stream();
        try (Sequence sequence = stage.open(text.firstMeasured() + most)) {
            int token = best(row(sequence, Arrays.copyOf(text.tokens(), text.firstMeasured())));
            for (int i = 0; i < most && !tokenizer.stopTokens().contains(token); i++) {
                said.append(stream.accept(token));
                token = best(row(sequence, token));
            }
        }
        return said.append(stream.finish()).toString();
    }

    private static int best(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }
}
