package dev.littoral.engine.onnx;

import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.engine.EngineException;
import dev.littoral.engine.NoRoomException;
import dev.littoral.engine.ProgressListener;
import dev.littoral.engine.StageSpec;
import dev.littoral.engine.quantize.Calibration;
import dev.littoral.engine.quantize.Crew;
import dev.littoral.engine.room.Room;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * Keeps prepared stages in a folder, each in one of its own that is named by its digest.
 *
 * <p>A stage is written under another name and then moved as a whole, so that what stands there is complete; of
 * processes that prepare the same stage at once, the first to finish wins.
 */
final class StageCache {

    private static final String MODEL = "model.onnx";
    private static final String WEIGHTS = "weights.bin";

    /** Pages that matrices and scales begin on, and nodes of the graph: about 10 pages and 10 KB. */
    private static final long REST_BYTES_A_LAYER = 64 << 10;

    private final Path folder;
    private final Room room;
    private final boolean halves;

    /** Makes one for graphs that compute with numbers of 32 bits, or with halves of them. */
    StageCache(Path folder, Room room, boolean halves) {
        this.folder = folder;
        this.room = room;
        this.halves = halves;
    }

    /**
     * Gives the path of the stage's graph, prepared now when it was not before.
     *
     * @throws NoRoomException when the disk has no room for it
     * @throws EngineException when the folder cannot be written
     */
    Path prepare(Checkpoint checkpoint, StageSpec spec, ProgressListener progress) {
        Path stage = folder.resolve(new KnownDigests(folder).of(checkpoint, spec) + (halves ? "-half" : ""));
        if (!complete(stage)) {
            try (Draft draft = Draft.begin(folder)) {
                requireDisk(checkpoint, spec);
                write(checkpoint, spec, draft.folder(), progress);
                publish(draft.folder(), stage);
            } catch (IOException e) {
                throw new EngineException("the prepared weights cannot be written to " + folder + ": " + e, e);
            }
        }
        return stage.resolve(MODEL);
    }

    private void requireDisk(Checkpoint checkpoint, StageSpec spec) throws IOException {
        long weights = checkpoint.shape().preparedBytes(spec.firstLayer(), spec.quantization());
        long rest = (spec.endLayer() - spec.firstLayer() + 1) * REST_BYTES_A_LAYER;
        long free = room.freeDiskBytes(folder);
        if (weights + rest > free) {
            throw new NoRoomException(
                    weights + rest,
                    free,
                    String.format(
                            Locale.ROOT,
                            "preparing layers %d to %d takes %,d bytes on the disk of %s"
                                    + " = %,d of weights + %,d at most around them, but only %,d are free",
                            spec.firstLayer(),
                            spec.endLayer() - 1,
                            weights + rest,
                            folder,
                            weights,
                            rest,
                            free));
        }
    }

    /** Forgets a prepared stage that turned out to be damaged. */
    void forget(Path model) {
        Path stage = folder.resolve(String.valueOf(model.getName(model.getNameCount() - 2)));
        try {
            Draft.delete(stage);
        } catch (IOException e) {
            throw new EngineException(stage + " cannot be deleted: " + e, e);
        }
    }

    private static boolean complete(Path stage) {
        return Files.isRegularFile(stage.resolve(MODEL)) && Files.isRegularFile(stage.resolve(WEIGHTS));
    }

    private void write(Checkpoint checkpoint, StageSpec spec, Path draft, ProgressListener progress)
            throws IOException {
        try (WeightWriter weights = new WeightWriter(draft.resolve(WEIGHTS));
                Crew crew = new Crew(spec.threads());
                Calibration calibration = Calibration.beside(spec.checkpoint())) {
            byte[] graph =
                    new DecoderGraph(checkpoint, spec, WEIGHTS, weights, crew, calibration, halves).build(progress);
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
}
