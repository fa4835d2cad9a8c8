package dev.littoral.engine.onnx;

import dev.littoral.checkpoint.Blocks;
import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.LayerBits;
import dev.littoral.checkpoint.Quantization;
import dev.littoral.engine.ProgressListener;
import dev.littoral.engine.Rounding;
import dev.littoral.engine.Sequence;
import dev.littoral.engine.Stage;
import dev.littoral.engine.StageInput;
import dev.littoral.engine.StageSpec;
import dev.littoral.engine.ort.NativeMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Is a process whose resident memory is looked at; what Java itself takes is there before.
 *
 * <p>Arguments: {@code prepare} or {@code load}, checkpoint, cache, bits, {@code true} for symmetric blocks, bits of
 * keys and values, context tokens, slots. Prints resident bytes before, after and at the peak, and what was promised.
 */
final class ResidentMain {

    private static final int BLOCK = 32;

    private ResidentMain() {}

    public static void main(String[] arguments) throws IOException {
        int layers;
        try (Checkpoint checkpoint = Checkpoint.open(Path.of(arguments[1]))) {
            layers = checkpoint.config().layers();
        }
        int bits = Integer.parseInt(arguments[3]);
        StageSpec spec = new StageSpec(
                Path.of(arguments[1]),
                0,
                layers,
                new Quantization(
                        Collections.nCopies(layers, LayerBits.of(bits)),
                        bits,
                        new Blocks(BLOCK, Boolean.parseBoolean(arguments[4]))),
                Rounding.TUNED,
                Integer.parseInt(arguments[5]),
                Integer.parseInt(arguments[6]),
                Integer.parseInt(arguments[7]),
                2,
                Path.of(arguments[2]));
        OnnxEngine engine = new OnnxEngine();
        long promised = engine.footprint(spec).loadBytes();
        if (arguments[0].equals("prepare")) {
            long before = status("VmRSS");
            engine.prepare(spec, ProgressListener.NONE);
            tell(before, status("VmRSS"), promised);
        } else {
            engine.prepare(spec, ProgressListener.NONE);
            NativeMemory.trim();
            long before = status("VmRSS");
            try (Stage stage = engine.load(spec, ProgressListener.NONE)) {
                fill(stage, spec);
                tell(before, status("VmRSS"), promised);
            }
        }
    }

    private static void tell(long before, long after, long promised) throws IOException {
        System.out.println(before + " " + after + " " + status("VmHWM") + " " + promised);
    }

    /** Fills all slots to the end of their context. */
    private static void fill(Stage stage, StageSpec spec) {
        List<Sequence> sequences = new ArrayList<>();
        for (int slot = 0; slot < spec.slots(); slot++) {
            int[] tokens = new int[spec.contextTokens()];
            for (int i = 0; i < tokens.length; i++) {
                tokens[i] = (7 * i + slot) % stage.config().vocabularySize();
            }
            Sequence sequence = stage.open(tokens.length);
            sequence.forward(new StageInput.Tokens(tokens));
            sequences.add(sequence);
        }
        sequences.forEach(Sequence::close);
    }

    private static long status(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(field + ":"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
