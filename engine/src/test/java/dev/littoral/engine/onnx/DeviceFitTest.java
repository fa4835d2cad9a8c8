package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.StageFootprint;
import dev.littoral.engine.EngineException;
import dev.littoral.engine.NoRoomException;
import dev.littoral.engine.ProgressListener;
import dev.littoral.engine.Sequence;
import dev.littoral.engine.Stage;
import dev.littoral.engine.StageInput;
import dev.littoral.engine.StageOutput;
import dev.littoral.engine.StageSpec;
import dev.littoral.engine.ort.Devices;
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
            try (FakeCuda exact = new FakeCuda(1, needed.loadBytes());
                    FakeCuda small = new FakeCuda(1, needed.loadBytes() - 1)) {
                assertThatCode(() -> new DeviceFit(exact.device(), checkpoint, spec()).requireMemory(room(PLENTY)))
                        .doesNotThrowAnyException();
                assertThatThrownBy(() -> new DeviceFit(small.device(), checkpoint, spec()).requireMemory(room(PLENTY)))
                        .isInstanceOf(NoRoomException.class)
                        .hasMessageContaining(String.format(
                                Locale.ROOT,
                                "take %,d bytes of the CUDA device's memory = %,d of weights + %,d of keys and values"
                                        + " + %,d of activations + %,d of runtime, but only %,d are free",
                                needed.loadBytes(),
                                needed.weightBytes(),
                                needed.kvBytes(),
                                needed.activationBytes(),
                                needed.runtimeBytes(),
                                needed.loadBytes() - 1));
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

    @Test
    void aDeviceThatIsOnlyPreferredLeavesWhatItDoesNotTakeToTheProcessor() throws IOException {
        try (Checkpoint checkpoint = checkpoint();
                FakeCuda small = new FakeCuda(1, 1000);
                FakeCuda roomy = new FakeCuda(1, PLENTY)) {
            StageFootprint here = new DeviceFit(HostDevice.plain(), checkpoint, spec()).footprint();
            StageFootprint there = new DeviceFit(roomy.device(), checkpoint, spec()).footprint();
            assertThat(engine(roomy, false).footprint(spec())).isEqualTo(there);
            assertThat(engine(small, false).footprint(spec())).isEqualTo(here);
            assertThat(engine(small, true).footprint(spec())).isEqualTo(there);
            assertThat(engine(roomy, false).footprint(spec(2)))
                    .isEqualTo(new DeviceFit(HostDevice.plain(), checkpoint, spec(2)).footprint());
            assertThatThrownBy(() -> engine(roomy, true).footprint(spec(2))).hasMessageContaining("no kernel on cuda");
        }
    }

    @Test
    void theRefusalIsTheReasonWhyTheProcessorComputes() throws IOException {
        checkpoint().close();
        try (FakeCuda small = new FakeCuda(1, 1000);
                Stage stage = engine(small, false).load(spec(), ProgressListener.NONE)) {
            assertThat(stage.device().name()).isEqualTo("cpu");
            assertThat(stage.device().why()).contains("bytes of the CUDA device's memory", "only 1,000 are free");
        }
    }

    @Test
    void aDeviceThatIsOnlyPreferredAndDoesNotOpenTheStageLeavesItToTheProcessorWithTheReason() throws IOException {
        checkpoint().close();
        // there is room on the device, but this build of the runtime has no provider for it
        try (FakeCuda roomy = new FakeCuda(1, PLENTY);
                Stage stage = engine(roomy, false).load(spec(), ProgressListener.NONE)) {
            assertThat(stage.device().name()).isEqualTo("cpu");
            assertThat(stage.device().why()).startsWith("the device cuda does not open it: ");
            try (Sequence sequence = stage.open(4)) {
                assertThat(sequence.forward(new StageInput.Tokens(new int[] {1, 2, 3})))
                        .isInstanceOf(StageOutput.Logits.class);
            }
        }
        try (FakeCuda roomy = new FakeCuda(1, PLENTY)) {
            assertThatThrownBy(() -> engine(roomy, true).load(spec(), ProgressListener.NONE))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("CUDA");
        }
    }

    @Test
    void whatTheProcessorHasNoRoomForIsRefusedAlsoWhereADeviceDoesNotOpenIt() throws IOException {
        checkpoint().close();
        try (FakeCuda roomy = new FakeCuda(1, PLENTY)) {
            var engine = new OnnxEngine(
                    OnnxEngine.DECODE_WAIT,
                    new Room() {
                        // enough for what stays beside a device, and then for nothing
                        private int asked;

                        @Override
                        public long freeMemoryBytes() {
                            return asked++ < 2 ? PLENTY : 0;
                        }

                        @Override
                        public long freeDiskBytes(Path disk) {
                            return PLENTY;
                        }
                    },
                    runtime -> new Devices.Found(roomy.device(), "a test asks for it", false));

            assertThatThrownBy(() -> engine.load(spec(), ProgressListener.NONE)).isInstanceOf(NoRoomException.class);
        }
    }

    private static OnnxEngine engine(FakeCuda cuda, boolean required) {
        return new OnnxEngine(
                OnnxEngine.DECODE_WAIT,
                room(PLENTY),
                runtime -> new Devices.Found(cuda.device(), "a test asks for it", required));
    }

    private Checkpoint checkpoint() throws IOException {
        return Checkpoint.open(RandomCheckpoint.write(folder.resolve("checkpoint"), RandomCheckpoint.LLAMA, "F32"));
    }

    private StageSpec spec() {
        return spec(4);
    }

    private StageSpec spec(int bits) {
        return new StageSpec(
                folder.resolve("checkpoint"),
                0,
                RandomCheckpoint.LAYERS,
                Collections.nCopies(RandomCheckpoint.LAYERS, bits),
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
