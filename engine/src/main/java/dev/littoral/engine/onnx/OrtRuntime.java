package dev.littoral.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.littoral.engine.EngineException;
import dev.littoral.engine.ort.Device;
import dev.littoral.engine.ort.DeviceSession;
import dev.littoral.engine.ort.NativeRuntime;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The one ONNX Runtime of the process, with one pool of threads for all stages: a pool for each is far slower, unless its
 * threads sleep while no step of the stage runs.
 */
final class OrtRuntime {

    private static @Nullable OrtRuntime only;

    private final OrtEnvironment environment;
    private final NativeRuntime binding;
    private final int threads;
    private final Waiting waiting;

    private OrtRuntime(OrtEnvironment environment, NativeRuntime binding, int threads, Waiting waiting) {
        this.environment = environment;
        this.binding = binding;
        this.threads = threads;
        this.waiting = waiting;
    }

    /**
     * Gives the runtime, started by the first call.
     *
     * @throws EngineException when it was started with another number of threads
     */
    static synchronized OrtRuntime with(int threads, Waiting waiting) {
        OrtRuntime runtime = only;
        if (runtime == null) {
            runtime = start(threads, waiting);
            only = runtime;
        }
        if (runtime.threads != threads) {
            throw new EngineException("threads is " + threads + ", but this process already computes with "
                    + runtime.threads + "; use one number for all stages of a process");
        }
        return runtime;
    }

    private static OrtRuntime start(int threads, Waiting waiting) {
        try (OrtEnvironment.ThreadingOptions options = new OrtEnvironment.ThreadingOptions()) {
            options.setGlobalIntraOpNumThreads(threads);
            options.setGlobalInterOpNumThreads(1);
            options.setGlobalSpinControl(waiting == Waiting.SPIN);
            OrtEnvironment environment =
                    OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "littoral", options);
            environment.setTelemetry(false);
            return new OrtRuntime(environment, NativeRuntime.attach(), threads, waiting);
        } catch (OrtException | IllegalStateException e) {
            throw new EngineException("ONNX Runtime does not start: " + e.getMessage(), e);
        }
    }

    /** Gives the same runtime by its C interface. */
    NativeRuntime binding() {
        return binding;
    }

    /**
     * Opens a model whose weights lie in files beside it.
     *
     * @throws EngineException when the runtime refuses the model, or cannot compute on the device
     */
    DeviceSession open(Path model, Device device) {
        // the one pool of all sessions does not know when a step is over
        OptionalInt own = waiting == Waiting.SPIN_IN_STEPS ? OptionalInt.of(threads) : OptionalInt.empty();
        return binding.open(model, device, own);
    }

    OrtEnvironment environment() {
        return environment;
    }

    /** Opens a model whose weights lie in files beside it, by Java's interface. */
    OrtSession open(Path model) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.disablePerSessionThreads();
            options.setMemoryPatternOptimization(false);
            return environment.createSession(model.toString(), options);
        }
    }
}
