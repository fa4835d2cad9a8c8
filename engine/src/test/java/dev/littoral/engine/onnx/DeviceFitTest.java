package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.StageFootprint;
import dev.littoral.engine.NoRoomException;
import dev.littoral.engine.StageSpec;
import dev.littoral.engine.ort.FakeCuda;
import dev.littoral.engine.ort.HostDevice;
import dev.littoral.engine.room.Room;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceFitTest {

    private static final long PLENTY = 1L << 40;

    @TempDir
    private Path folder;

    @Test
    void onCudaTheDevicesMemoryIsPromisedWithKeysAndValuesOfHalves() throws IOException {
        try (FakeCuda cuda = new FakeCuda(1, PLENTY);
                Checkpoint checkpoint = checkpoint()) {
            StageFootprint there = new DeviceFit(cuda.device(), checkpoint, spec()).footprint();
            StageFootprint here = new DeviceFit(HostDevice.plain(), checkpoint, spec()).footprint();
            assertThat(there.kvBytes()).isEqualTo(here.kvBytes() / 2);
            // the embedding is read from its file
            assertThat(there.weightBytes())
                    .isEqualTo(checkpoint.shape().preparedBytes(0, spec().quantization())
                            + checkpoint.shape().positionBytes(64));
        }
    }

    @Test
    void aStageThatTheDeviceHasNoRoomForIsRefusedWithTheSum() throws IOException {
        try (Checkpoint checkpoint = checkpoint();
                FakeCuda roomy = new FakeCuda(1, PLENTY)) {
            StageFootprint needed = new DeviceFit(roomy.device(), checkpoint, spec()).footprint();
            try (FakeCuda exact = new FakeCuda(1, needed.totalBytes());
                    FakeCuda small = new FakeCuda(1, needed.totalBytes() - 1)) {
                assertThatCode(() -> new DeviceFit(exact.device(), checkpoint, spec()).requireMemory(room(PLENTY)))
                        .doesNotThrowAnyException();
                assertThatThrownBy(() -> new DeviceFit(small.device(), checkpoint, spec()).requireMemory(room(PLENTY)))
                        .isInstanceOf(NoRoomException.class)
                        .hasMessageContaining(String.format(
                                Locale.ROOT,
                                "take %,d bytes of the CUDA device's memory = %,d of weights + %,d of keys and values"
                                        + " + %,d of activations + %,d of runtime, but only %,d are free",
                                needed.totalBytes(),
                                needed.weightBytes(),
                                needed.kvBytes(),
                                needed.activationBytes(),
                                needed.runtimeBytes(),
                                needed.totalBytes() - 1));
            }
        }
    }

    @Test
    void theHostMustHaveRoomForWhatStaysThere() throws IOException {
        try (FakeCuda cuda = new FakeCuda(1, PLENTY);
                Checkpoint checkpoint = checkpoint()) {
            DeviceFit fit = new DeviceFit(cuda.device(), checkpoint, spec());
            assertThatThrownBy(() -> fit.requireMemory(room(DeviceFit.CUDA_RESERVE_BYTES)))
                    .isInstanceOf(NoRoomException.class)
                    .hasMessageContaining("bytes of memory beside the CUDA device");
        }
    }

    private Checkpoint checkpoint() throws IOException {
        return Checkpoint.open(RandomCheckpoint.write(folder.resolve("checkpoint"), RandomCheckpoint.LLAMA, "F32"));
    }

    private StageSpec spec() {
        return new StageSpec(
                folder.resolve("checkpoint"),
                0,
                RandomCheckpoint.LAYERS,
                Collections.nCopies(RandomCheckpoint.LAYERS, 4),
                8,
                32,
                64,
                2,
                1,
                folder.resolve("cache"));
    }

    private static Room room(long bytes) {
        return new Room() {
            @Override
            public long freeMemoryBytes() {
                return bytes;
            }

            @Override
            public long freeDiskBytes(Path disk) {
                return bytes;
            }
        };
    }
}
