package dev.littoral.engine.onnx;

import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.checkpoint.Tensor;
import dev.littoral.checkpoint.TensorNames;
import dev.littoral.engine.StageSpec;
import dev.littoral.engine.quantize.Calibration;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Names a prepared stage by all that its weights depend on: the config, the tensors' bytes, the widths, the builder. */
final class StageDigest {

    /** Changes whenever the same input gives other files. */
    private static final String BUILDER_VERSION = "8";

    private static final int CHUNK_BYTES = 64 << 20;

    private StageDigest() {}

    /** Gives 64 hexadecimal digits, from all bytes. */
    static String of(Checkpoint checkpoint, StageSpec spec) {
        MessageDigest sha = asked(checkpoint, spec);
        tensors(checkpoint, spec).forEach(name -> update(sha, checkpoint.tensor(name)));
        calibration(sha, spec);
        return HexFormat.of().formatHex(sha.digest());
    }

    /** Gives 64 hexadecimal digits, from what is asked and what stands for the files. */
    static String of(Checkpoint checkpoint, StageSpec spec, String files) {
        MessageDigest sha = asked(checkpoint, spec);
        update(sha, "files", files);
        return HexFormat.of().formatHex(sha.digest());
    }

    private static MessageDigest asked(Checkpoint checkpoint, StageSpec spec) {
        MessageDigest sha = sha256();
        update(sha, BUILDER_VERSION, checkpoint.config().toString());
        update(
                sha,
                spec.firstLayer() + "-" + spec.endLayer(),
                spec.quantization().layers().toString());
        boolean last = spec.endLayer() == checkpoint.config().layers();
        update(sha, last ? String.valueOf(spec.quantization().headBits()) : "no head");
        update(sha, spec.quantization().blocks().toString(), spec.rounding().name(), String.valueOf(spec.kvBits()));
        return sha;
    }

    /** What calibration says counts as a whole where it is asked. */
    private static void calibration(MessageDigest sha, StageSpec spec) {
        try (Calibration calibration = Calibration.beside(spec.checkpoint())) {
            calibration.tensors().forEach(tensor -> update(sha, tensor));
        }
    }

    private static List<String> tensors(Checkpoint checkpoint, StageSpec spec) {
        ModelConfig config = checkpoint.config();
        List<String> names = new ArrayList<>();
        for (int layer = spec.firstLayer(); layer < spec.endLayer(); layer++) {
            for (String part : config.blueprint().layerTensors(config).keySet()) {
                names.add(TensorNames.layer(layer, part));
            }
        }
        if (spec.endLayer() == config.layers()) {
            names.add(TensorNames.FINAL_NORM);
            names.add(TensorNames.head(config));
        }
        return names;
    }

    private static void update(MessageDigest sha, String... texts) {
        for (String text : texts) {
            sha.update((text + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void update(MessageDigest sha, Tensor tensor) {
        update(
                sha,
                tensor.name(),
                tensor.info().dtype().name(),
                tensor.info().shape().toString());
        for (long at = 0; at < tensor.data().byteSize(); at += CHUNK_BYTES) {
            long bytes = Math.min(CHUNK_BYTES, tensor.data().byteSize() - at);
            MemorySegment chunk = tensor.data().asSlice(at, bytes);
            sha.update(chunk.asByteBuffer());
            chunk.unload();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
