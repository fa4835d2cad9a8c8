package dev.littoral.engine.ort;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import dev.littoral.engine.EngineException;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds what this process can compute on. */
public final class Devices {

    private final Supplier<Boolean> built;
    private final Supplier<Optional<Cudart>> cuda;

    /** Makes one that asks this process's ONNX Runtime and this machine's driver. */
    public Devices() {
        this(() -> OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA), Cudart::load);
    }

    /**
     * Makes one.
     *
     * @param built says whether ONNX Runtime was built with CUDA
     * @param cuda gives CUDA's own library where the system finds it
     */
    Devices(Supplier<Boolean> built, Supplier<Optional<Cudart>> cuda) {
        this.built = built;
        this.cuda = cuda;
    }

    /**
     * A device and how it came to be chosen.
     *
     * @param why it is this one; for people
     * @param required whether a stage that it does not take is refused, rather than computed on the processor
     */
    public record Found(Device device, String why, boolean required) {}

    /** What the search for a CUDA device ended with. */
    private sealed interface Search {

        record Seen(CudaDevice device) implements Search {}

        /** Says what is missing, and what would help. */
        record Missing(String what) implements Search {}
    }

    /**
     * Chooses what to compute on.
     *
     * @param runtime that will compute there, asked only where there may be a CUDA device
     * @throws EngineException when CUDA is asked for and there is none, with the reason and the cure
     */
    public Found choose(Provider provider, Supplier<NativeRuntime> runtime) {
        if (provider == Provider.CPU) {
            return new Found(HostDevice.plain(), "the provider is set to cpu", true);
        }
        return switch (search(runtime)) {
            case Search.Seen(CudaDevice device) ->
                new Found(device, "a CUDA device is there", provider == Provider.CUDA);
            case Search.Missing(String what)
            when provider == Provider.AUTO -> new Found(HostDevice.plain(), what, true);
            case Search.Missing(String what) ->
                throw new EngineException("the provider is set to cuda, but " + what + "; or set it to cpu or auto");
        };
    }

    private Search search(Supplier<NativeRuntime> runtime) {
        if (!built.get()) {
            return new Search.Missing("this build has ONNX Runtime for the processor alone;"
                    + " build with -Pcuda to have onnxruntime_gpu in its place");
        }
        Optional<Cudart> library = cuda.get();
        if (library.isEmpty()) {
            return new Search.Missing("the system does not find " + Cudart.LIBRARY
                    + "; install the runtime libraries of CUDA 12 and name their folder in LD_LIBRARY_PATH");
        }
        try {
            if (library.get().devices() == 0) {
                return new Search.Missing("no CUDA device is seen; a container must be given one,"
                        + " and CUDA_VISIBLE_DEVICES must not hide it");
            }
        } catch (EngineException e) {
            return new Search.Missing("the driver gives no device: " + e.getMessage());
        }
        CudaDevice device = new CudaDevice(library.get());
        try {
            runtime.get().require(device);
        } catch (EngineException e) {
            return new Search.Missing("ONNX Runtime's CUDA provider does not start: " + e.getMessage());
        }
        return new Search.Seen(device);
    }
}
