package dev.littoral.engine.onnx;

import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.StageFootprint;
import dev.littoral.engine.Engine;
import dev.littoral.engine.EngineException;
import dev.littoral.engine.NoRoomException;
import dev.littoral.engine.ProgressListener;
import dev.littoral.engine.Stage;
import dev.littoral.engine.StageDevice;
import dev.littoral.engine.StageSpec;
import dev.littoral.engine.ort.Device;
import dev.littoral.engine.ort.DeviceSession;
import dev.littoral.engine.ort.Devices;
import dev.littoral.engine.ort.HostDevice;
import dev.littoral.engine.ort.NativeMemory;
import dev.littoral.engine.ort.NativeRuntime;
import dev.littoral.engine.ort.Provider;
import dev.littoral.engine.room.MachineRoom;
import dev.littoral.engine.room.Room;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/** Runs stages on ONNX Runtime, on the processor or on a CUDA device. */
public final class OnnxEngine implements Engine {

    /** How long decoding sequences wait at most for a piece of a prompt, unless told otherwise. */
    public static final Duration DECODE_WAIT = Duration.ofMillis(100);

    private static final System.Logger LOG = System.getLogger(OnnxEngine.class.getName());

    private final Duration decodeWait;
    private final Room room;
    private final Function<Supplier<NativeRuntime>, Devices.Found> devices;

    /** Makes an engine. */
    public OnnxEngine() {
        this(new MachineRoom());
    }

    /** Makes an engine that refuses what there is no room for. */
    public OnnxEngine(Room room) {
        this(DECODE_WAIT, room, runtime -> new Devices().choose(Provider.CPU, runtime));
    }

    /**
     * Makes an engine that computes on what a user wants; it looks for it when it first loads a stage.
     *
     * @param decodeWait time that a piece of a prompt takes at most while other sequences decode; pieces are sized by
     *     measuring, and have at least 8 rows however long these take
     */
    public OnnxEngine(Duration decodeWait, Provider provider) {
        this(decodeWait, new MachineRoom(), runtime -> new Devices().choose(provider, runtime));
    }

    /** Makes an engine that computes on what it is given. */
    OnnxEngine(Duration decodeWait, Room room, Function<Supplier<NativeRuntime>, Devices.Found> devices) {
        this.decodeWait = decodeWait;
        this.room = room;
        this.devices = devices;
    }

    @Override
    public StageFootprint footprint(StageSpec spec) {
        try (Checkpoint checkpoint = Checkpoint.open(spec.checkpoint())) {
            requireFits(checkpoint, spec);
            return choose(checkpoint, spec).fit().footprint();
        }
    }

    @Override
    public Stage load(StageSpec spec, ProgressListener progress) {
        Checkpoint checkpoint = Checkpoint.open(spec.checkpoint());
        try {
            requireFits(checkpoint, spec);
            Choice choice = choose(checkpoint, spec);
            choice.fit().requireMemory(room);
            return load(choice, checkpoint, spec, progress);
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
            Choice choice = choose(checkpoint, spec);
            Device device = choice.found().device();
            StageSpec fitted = choice.fit().spec();
            Path model = new StageCache(spec.cache(), room, device.halves()).prepare(checkpoint, fitted, progress);
            return spec.cache().resolve(String.valueOf(model.getName(model.getNameCount() - 2)));
        }
    }

    /** What a stage is computed on, and how it fits there. */
    private record Choice(Devices.Found found, DeviceFit fit) {}

    /** Takes the processor where the device is only preferred and does not take the stage. */
    private Choice choose(Checkpoint checkpoint, StageSpec spec) {
        Devices.Found found = device(spec);
        if (!found.required()) {
            try {
                DeviceFit fit = new DeviceFit(found.device(), checkpoint, spec);
                fit.requireMemory(room);
                return new Choice(found, fit);
            } catch (EngineException refused) {
                return processor(checkpoint, spec, found, "does not take it: " + refused.getMessage());
            }
        }
        return new Choice(found, new DeviceFit(found.device(), checkpoint, spec));
    }

    private static Choice processor(Checkpoint checkpoint, StageSpec spec, Devices.Found instead, String why) {
        HostDevice processor = HostDevice.plain();
        return new Choice(
                new Devices.Found(processor, "the device " + instead.device().name() + " " + why, true),
                new DeviceFit(processor, checkpoint, spec));
    }

    /** Computes on the processor what a device that is only preferred cannot open, as when its libraries do not fit. */
    private Stage load(Choice choice, Checkpoint checkpoint, StageSpec spec, ProgressListener progress) {
        try {
            return load(choice.found(), checkpoint, choice.fit(), progress);
        } catch (EngineException failed) {
            if (choice.found().required()) {
                throw failed;
            }
            LOG.log(
                    Level.WARNING,
                    "the stage is computed on the processor, since the device {0} does not open it: {1}",
                    choice.found().device().name(),
                    failed.getMessage());
            Choice here = processor(checkpoint, spec, choice.found(), "does not open it: " + failed.getMessage());
            here.fit().requireMemory(room);
            return load(here.found(), checkpoint, here.fit(), progress);
        }
    }

    private Devices.Found device(StageSpec spec) {
        return devices.apply(() -> OrtRuntime.with(spec.threads()).binding());
    }

    private Stage load(Devices.Found found, Checkpoint checkpoint, DeviceFit fit, ProgressListener progress) {
        StageSpec spec = fit.spec();
        OrtRuntime runtime = OrtRuntime.with(spec.threads());
        DeviceSession session = session(runtime, found, checkpoint, spec, progress);
        try {
            StageBuffers buffers = new StageBuffers(runtime.binding(), session, checkpoint.config(), spec);
            try {
                OnnxStage stage = new OnnxStage(
                        spec,
                        new StageDevice(found.device().name(), found.why()),
                        fit.footprint().weightBytes(),
                        checkpoint,
                        session,
                        buffers,
                        decodeWait);
                NativeMemory.trim(); // packing the weights left some behind
                return stage;
            } catch (RuntimeException e) {
                buffers.close(); // before the session that it is bound to
                throw e;
            }
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /**
     * Opens the prepared stage; one that the runtime refuses is damaged and is prepared once more, but not for a device that
     * is only preferred, where it may be the device that refuses, at each start.
     */
    private DeviceSession session(
            OrtRuntime runtime, Devices.Found found, Checkpoint checkpoint, StageSpec spec, ProgressListener progress) {
        Device device = found.device();
        StageCache cache = new StageCache(spec.cache(), room, device.halves());
        Path model = cache.prepare(checkpoint, spec, progress);
        try {
            return runtime.open(model, device);
        } catch (EngineException damaged) {
            if (!found.required()) {
                throw damaged;
            }
            cache.forget(model);
            Path again = cache.prepare(checkpoint, spec, progress);
            try {
                return runtime.open(again, device);
            } catch (EngineException e) {
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
}
