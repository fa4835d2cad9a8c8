package dev.littoral.engine.onnx;

import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.checkpoint.Tensor;
import dev.littoral.checkpoint.TensorNames;
import dev.littoral.engine.StageSpec;
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
    private static final String BUILDER_VERSION = "3";

    private static final int CHUNK_BYTES = 64 << 20;

    private StageDigest() {}

    /** Gives 64 hexadecimal digits. */
    static String of(Checkpoint checkpoint, StageSpec spec) {
        MessageDigest sha = sha256();
        update(sha, BUILDER_VERSION, checkpoint.config().toString());
        update(sha, spec.firstLayer() + "-" + spec.endLayer(), spec.bits().toString());
        boolean last = spec.endLayer() == checkpoint.config().layers();
        update(sha, last ? String.valueOf(spec.edgeBits()) : "no head", String.valueOf(spec.blockSize()));
        tensors(checkpoint, spec).forEach(name -> update(sha, checkpoint.tensor(name)));
        return HexFormat.of().formatHex(sha.digest());
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
