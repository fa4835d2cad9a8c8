package dev.littoral.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.StageFootprint;
import dev.littoral.engine.Engine;
import dev.littoral.engine.EngineException;
import dev.littoral.engine.NoRoomException;
import dev.littoral.engine.ProgressListener;
import dev.littoral.engine.Stage;
import dev.littoral.engine.StageSpec;
import dev.littoral.engine.room.MachineRoom;
import dev.littoral.engine.room.Room;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** Runs stages on ONNX Runtime, on the processor. */
public final class OnnxEngine implements Engine {

    /** How long decoding sequences wait at most for a piece of a prompt, unless told otherwise. */
    public static final Duration DECODE_WAIT = Duration.ofMillis(100);

    private final Waiting waiting;
    private final Duration decodeWait;
    private final Room room;

    /** Makes an engine whose threads sleep while they wait, for processors that others use too. */
    public OnnxEngine() {
        this(Waiting.SLEEP);
    }

    /** Makes an engine with another bound on how long decoding sequences wait for a piece of a prompt. */
    public OnnxEngine(Waiting waiting, Duration decodeWait) {
        this(waiting, decodeWait, new MachineRoom());
    }

    /** Makes an engine whose threads wait so. */
    public OnnxEngine(Waiting waiting) {
        this(waiting, DECODE_WAIT, new MachineRoom());
    }

    /** Makes an engine that refuses what there is no room for. */
    public OnnxEngine(Waiting waiting, Room room) {
        this(waiting, DECODE_WAIT, room);
    }

    /**
     * Makes an engine.
     *
     * @param waiting what threads do while there is nothing for them; the first load in a process fixes it
     * @param decodeWait time that a piece of a prompt takes at most while other sequences decode; pieces are sized by
     *     measuring, and have at least 8 rows however long these take
     */
    public OnnxEngine(Waiting waiting, Duration decodeWait, Room room) {
        this.waiting = waiting;
        this.decodeWait = decodeWait;
        this.room = room;
    }

    @Override
    public StageFootprint footprint(StageSpec spec) {
        try (Checkpoint checkpoint = Checkpoint.open(spec.checkpoint())) {
            requireFits(checkpoint, spec);
            return footprint(checkpoint, spec);
        }
    }

    static StageFootprint footprint(Checkpoint checkpoint, StageSpec spec) {
        return StageFootprint.of(
                checkpoint.shape(),
                spec.firstLayer(),
                spec.quantization(),
                spec.kvBits(),
                spec.contextTokens(),
                spec.slots());
    }

    @Override
    public Stage load(StageSpec spec, ProgressListener progress) {
        Checkpoint checkpoint = Checkpoint.open(spec.checkpoint());
        try {
            requireFits(checkpoint, spec);
            requireMemory(footprint(checkpoint, spec), spec);
            return load(checkpoint, spec, progress);
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    /**
     * Prepares a stage's weights in its cache, or finds them there, without loading them.
     *
     * @return the folder that holds them
     * @throws NoRoomException when the disk has no room for them
     */
    public Path prepare(StageSpec spec, ProgressListener progress) {
        try (Checkpoint checkpoint = Checkpoint.open(spec.checkpoint())) {
            requireFits(checkpoint, spec);
            Path model = new StageCache(spec.cache(), room).prepare(checkpoint, spec, progress);
            return spec.cache().resolve(String.valueOf(model.getName(model.getNameCount() - 2)));
        }
    }

    private Stage load(Checkpoint checkpoint, StageSpec spec, ProgressListener progress) {
        OrtRuntime runtime = OrtRuntime.with(spec.threads(), waiting);
        OrtSession session = session(runtime, checkpoint, spec, progress);
        try {
            StageBuffers buffers = new StageBuffers(runtime.environment(), checkpoint.config(), spec);
            OnnxStage stage = new OnnxStage(spec, checkpoint, session, buffers, decodeWait);
            NativeMemory.trim(); // packing the weights left some behind
            return stage;
        } catch (OrtException e) {
            close(session);
            throw new EngineException("the buffers of the stage cannot be made: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            close(session);
            throw e;
        }
    }

    /** Opens the prepared stage; one that the runtime refuses is damaged and is prepared once more. */
    private OrtSession session(OrtRuntime runtime, Checkpoint checkpoint, StageSpec spec, ProgressListener progress) {
        StageCache cache = new StageCache(spec.cache(), room);
        Path model = cache.prepare(checkpoint, spec, progress);
        try {
            return runtime.open(model);
        } catch (OrtException damaged) {
            cache.forget(model);
            try {
                return runtime.open(cache.prepare(checkpoint, spec, progress));
            } catch (OrtException e) {
                throw new EngineException("ONNX Runtime refuses the stage: " + e.getMessage(), e);
            }
        }
    }

    private static void requireFits(Checkpoint checkpoint, StageSpec spec) {
        if (spec.endLayer() > checkpoint.config().layers()) {
            throw new IllegalArgumentException("endLayer is " + spec.endLayer() + ", but the model has "
                    + checkpoint.config().layers() + " layers");
        }
        if (spec.contextTokens() > checkpoint.config().contextTokens()) {
            throw new IllegalArgumentException("contextTokens is " + spec.contextTokens()
                    + ", but the model was made for " + checkpoint.config().contextTokens());
        }
    }

    private void requireMemory(StageFootprint footprint, StageSpec spec) {
        long free = room.freeMemoryBytes();
        if (footprint.totalBytes() > free) {
            throw new NoRoomException(
                    footprint.totalBytes(),
                    free,
                    String.format(
                            Locale.ROOT,
                            "layers %d to %d take %,d bytes of memory = %,d of weights + %,d of keys and values"
                                    + " + %,d of activations + %,d of runtime, but only %,d are free;"
                                    + " use fewer bits, layers or slots, or a shorter context",
                            spec.firstLayer(),
                            spec.endLayer() - 1,
                            footprint.totalBytes(),
                            footprint.weightBytes(),
                            footprint.kvBytes(),
                            footprint.activationBytes(),
                            footprint.runtimeBytes(),
                            free));
        }
    }

    static void close(OrtSession session) {
        try {
            session.close();
        } catch (OrtException e) {
            throw new EngineException("ONNX Runtime does not close a stage: " + e.getMessage(), e);
        }
    }
}
