package dev.littoral.engine.onnx;

import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.engine.EngineException;
import dev.littoral.engine.ProgressListener;
import dev.littoral.engine.StageSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Keeps prepared stages in a folder, each in one of its own that is named by its digest.
 *
 * <p>A stage is written under another name and then moved as a whole, so that what stands there is complete; of
 * processes that prepare the same stage at once, the first to finish wins.
 */
final class StageCache {

    private static final String MODEL = "model.onnx";
    private static final String WEIGHTS = "weights.bin";

    private final Path folder;

    StageCache(Path folder) {
        this.folder = folder;
    }

    /**
     * Gives the path of the stage's graph, prepared now when it was not before.
     *
     * @throws EngineException when the folder cannot be written
     */
    Path prepare(Checkpoint checkpoint, StageSpec spec, ProgressListener progress) {
        Path stage = folder.resolve(StageDigest.of(checkpoint, spec));
        if (!complete(stage)) {
            Path draft = folder.resolve(".draft-" + UUID.randomUUID());
            try {
                Files.createDirectories(draft);
                write(checkpoint, spec, draft, progress);
                publish(draft, stage);
            } catch (IOException e) {
                throw new EngineException("the prepared weights cannot be written to " + folder + ": " + e, e);
            } finally {
                discard(draft);
            }
        }
        return stage.resolve(MODEL);
    }

    /** Forgets a prepared stage that turned out to be damaged. */
    void forget(Path model) {
        discard(folder.resolve(String.valueOf(model.getName(model.getNameCount() - 2))));
    }

    private static boolean complete(Path stage) {
        return Files.isRegularFile(stage.resolve(MODEL)) && Files.isRegularFile(stage.resolve(WEIGHTS));
    }

    private static void write(Checkpoint checkpoint, StageSpec spec, Path draft, ProgressListener progress)
            throws IOException {
        try (WeightWriter weights = new WeightWriter(draft.resolve(WEIGHTS))) {
            byte[] graph = new DecoderGraph(checkpoint, spec, WEIGHTS, weights).build(progress);
            weights.finish();
            try (FileChannel model =
                    FileChannel.open(draft.resolve(MODEL), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(graph);
                while (bytes.hasRemaining()) {
                    model.write(bytes);
                }
                model.force(true);
            }
        }
    }

    private static void publish(Path draft, Path stage) throws IOException {
        try {
            Files.move(draft, stage, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!complete(stage)) {
                throw e;
            }
        }
    }

    private static void discard(Path stage) {
        if (!Files.isDirectory(stage)) {
            return;
        }
        try (Stream<Path> files = Files.list(stage)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(stage);
        } catch (IOException e) {
            throw new EngineException(stage + " cannot be deleted: " + e, e);
        }
    }
}
