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
import org.jspecify.annotations.Nullable;

/** The one ONNX Runtime of the process, with one number of threads for all that it computes. */
final class OrtRuntime {

    private static @Nullable OrtRuntime only;

    private final OrtEnvironment environment;
    private final NativeRuntime binding;
    private final int threads;

    private OrtRuntime(OrtEnvironment environment, NativeRuntime binding, int threads) {
        this.environment = environment;
        this.binding = binding;
        this.threads = threads;
    }

    /**
     * Gives the runtime, started by the first call.
     *
     * @throws EngineException when it was started with another number of threads
     */
    static synchronized OrtRuntime with(int threads) {
        OrtRuntime runtime = only;
        if (runtime == null) {
            runtime = start(threads);
            only = runtime;
        }
        if (runtime.threads != threads) {
            throw new EngineException("threads is " + threads + ", but this process already computes with "
                    + runtime.threads + "; use one number for all stages of a process");
        }
        return runtime;
    }

    private static OrtRuntime start(int threads) {
        try (OrtEnvironment.ThreadingOptions options = new OrtEnvironment.ThreadingOptions()) {
            options.setGlobalIntraOpNumThreads(threads);
            options.setGlobalInterOpNumThreads(1);
            options.setGlobalSpinControl(false);
            OrtEnvironment environment =
                    OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "littoral", options);
            environment.setTelemetry(false);
            return new OrtRuntime(environment, NativeRuntime.attach(), threads);
        } catch (OrtException | IllegalStateException e) {
            throw new EngineException("ONNX Runtime does not start: " + e.getMessage(), e);
        }
    }

    /** Gives the same runtime by its C interface. */
    NativeRuntime binding() {
        return binding;
    }

    /**
     * Opens a model whose weights lie in files beside it, with threads of its own: only then do they know when a step is
     * over, so that they spin within it and sleep from one to the next.
     *
     * @throws EngineException when the runtime refuses the model, or cannot compute on the device
     */
    DeviceSession open(Path model, Device device) {
        return binding.open(model, device, threads);
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
