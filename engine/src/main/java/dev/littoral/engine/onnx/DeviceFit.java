package dev.littoral.engine.onnx;

import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.LayerBits;
import dev.littoral.checkpoint.StageFootprint;
import dev.littoral.engine.EngineException;
import dev.littoral.engine.NoRoomException;
import dev.littoral.engine.StageSpec;
import dev.littoral.engine.ort.CudaDevice;
import dev.littoral.engine.ort.Device;
import dev.littoral.engine.ort.HostDevice;
import dev.littoral.engine.room.Room;
import java.util.List;
import java.util.Locale;

/** Fits a stage to what it is computed on: the widths there, and the memory it will take there and in the host. */
final class DeviceFit {

    /** Kept free for CUDA's context, the kernels and cuBLAS; a reserve that no GPU has confirmed. */
    static final long CUDA_RESERVE_BYTES = 1L << 30;

    private final Device device;
    private final Checkpoint checkpoint;
    private final StageSpec spec;

    /**
     * Makes one.
     *
     * @throws EngineException when the device has no kernels for a width
     */
    DeviceFit(Device device, Checkpoint checkpoint, StageSpec asked) {
        this.device = device;
        this.checkpoint = checkpoint;
        this.spec = fitted(device, asked);
        List<LayerBits> layers = spec.quantization().layers();
        for (int i = 0; i < layers.size(); i++) {
            requireKernels("layer " + (spec.firstLayer() + i), layers.get(i).attention());
            requireKernels("layer " + (spec.firstLayer() + i), layers.get(i).mlp());
        }
        if (spec.endLayer() == checkpoint.config().layers()) {
            requireKernels("the output head", spec.quantization().headBits());
        }
    }

    private static StageSpec fitted(Device device, StageSpec asked) {
        if (!device.halves() || asked.kvBits() != 32) {
            return asked;
        }
        return new StageSpec(
                asked.checkpoint(),
                asked.firstLayer(),
                asked.endLayer(),
                asked.quantization(),
                asked.rounding(),
                16,
                asked.contextTokens(),
                asked.slots(),
                asked.threads(),
                asked.cache());
    }

    private void requireKernels(String what, int bits) {
        if (!device.weightBits().contains(bits)) {
            throw new EngineException(
                    what + " has weights of " + bits + " bits, for which ONNX Runtime has no kernel on " + device.name()
                            + "; take 4 bits or more, or compute on the processor (provider cpu)");
        }
    }

    /** Gives what is loaded: as asked, but that keys and values have no more bits than the device takes. */
    StageSpec spec() {
        return spec;
    }

    /** Sums up the memory of the device. */
    StageFootprint footprint() {
        StageFootprint host = StageFootprint.of(
                checkpoint.shape(),
                spec.firstLayer(),
                spec.quantization(),
                spec.kvBits(),
                spec.contextTokens(),
                spec.slots());
        return switch (device) {
            case HostDevice _ -> host;
            case CudaDevice _ ->
                new StageFootprint(
                        checkpoint.shape().preparedBytes(spec.firstLayer(), spec.quantization())
                                + checkpoint.shape().positionBytes(spec.contextTokens()),
                        host.kvBytes(),
                        host.activationBytes(),
                        0,
                        CUDA_RESERVE_BYTES);
        };
    }

    /**
     * Checks that there is room.
     *
     * @throws NoRoomException with the sum, when there is not
     */
    void requireMemory(Room room) {
        StageFootprint needed = footprint();
        switch (device) {
            case HostDevice _ -> require(needed, "of memory", room.freeMemoryBytes());
            case CudaDevice cuda -> {
                require(needed, "of the CUDA device's memory", cuda.freeBytes());
                require(
                        new StageFootprint(0, 0, needed.activationBytes(), 0, CUDA_RESERVE_BYTES),
                        "of memory beside the CUDA device",
                        room.freeMemoryBytes());
            }
        }
    }

    private void require(StageFootprint footprint, String where, long free) {
        if (footprint.loadBytes() > free) {
            throw new NoRoomException(
                    footprint.loadBytes(),
                    free,
                    String.format(
                            Locale.ROOT,
                            "layers %d to %d take %,d bytes %s = %,d of weights + %,d of keys and values"
                                    + " + %,d of activations + %,d of runtime, but only %,d are free;"
                                    + " use fewer bits, layers or slots, or a shorter context",
                            spec.firstLayer(),
                            spec.endLayer() - 1,
                            footprint.loadBytes(),
                            where,
                            footprint.weightBytes(),
                            footprint.kvBytes(),
                            footprint.activationBytes(),
                            footprint.runtimeBytes(),
                            free));
        }
    }
}
