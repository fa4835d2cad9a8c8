package dev.littoral.engine.onnx;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import dev.littoral.engine.EngineException;
import dev.littoral.engine.ort.CudaDevice;
import dev.littoral.engine.ort.DeviceSession;
import dev.littoral.engine.ort.DeviceTensors;
import dev.littoral.engine.ort.FakeCuda;
import dev.littoral.engine.ort.HostDevice;
import dev.littoral.engine.ort.NativeRuntime;
import dev.littoral.engine.ort.SessionBinding;
import dev.littoral.engine.ort.TensorType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Binds a graph of one node; what goes wrong in the C interface must come out as one of our exceptions. */
class NativeRuntimeIT {

    @TempDir
    private Path folder;

    private final NativeRuntime runtime = OrtRuntime.with(1).binding();
    private Path model;

    @BeforeEach
    void writeTheSumOfTwoVectors() throws IOException {
        OnnxGraph graph = new OnnxGraph("");
        graph.input("a", OnnxGraph.Type.FLOAT, "n");
        graph.input("b", OnnxGraph.Type.FLOAT, "n");
        graph.node(OnnxGraph.ONNX, "Add", List.of("a", "b"), List.of("sum"));
        graph.output("sum", OnnxGraph.Type.FLOAT, "n");
        model = Files.write(folder.resolve("sum ü.onnx"), graph.bytes());
    }

    @Test
    void aRunReadsAndWritesTheMemoryThatIsBound() {
        try (DeviceSession session = runtime.open(model, HostDevice.plain(), 1);
                Arena arena = Arena.ofConfined()) {
            MemorySegment a = arena.allocateFrom(JAVA_FLOAT, 1, 2, 3);
            MemorySegment sum = arena.allocate(JAVA_FLOAT, 3);
            SessionBinding binding = bound(session, arena, a, sum);
            binding.run();
            assertThat(sum.toArray(JAVA_FLOAT)).containsExactly(11, 22, 33);
            a.setAtIndex(JAVA_FLOAT, 0, 5);
            binding.run();
            assertThat(sum.toArray(JAVA_FLOAT)).containsExactly(15, 22, 33);
        }
    }

    @Test
    void whatIsBoundAnewTakesThePlaceOfWhatWas() {
        try (DeviceSession session = runtime.open(model, HostDevice.plain(), 1);
                Arena arena = Arena.ofConfined()) {
            MemorySegment first = arena.allocate(JAVA_FLOAT, 3);
            MemorySegment second = arena.allocate(JAVA_FLOAT, 3);
            SessionBinding binding = bound(session, arena, arena.allocateFrom(JAVA_FLOAT, 1, 2, 3), first);
            DeviceTensors tensors = runtime.tensors(HostDevice.plain(), arena);
            binding.output("sum", tensors.over(second, arena, TensorType.FLOAT, 3));
            binding.run();
            assertThat(first.toArray(JAVA_FLOAT)).containsOnly(0);
            assertThat(second.toArray(JAVA_FLOAT)).containsExactly(11, 22, 33);
        }
    }

    @Test
    void anInputThatTheModelHasNotIsRefusedInTheRuntimesWords() {
        try (DeviceSession session = runtime.open(model, HostDevice.plain(), 1);
                Arena arena = Arena.ofConfined()) {
            SessionBinding binding =
                    bound(session, arena, arena.allocateFrom(JAVA_FLOAT, 1, 2, 3), arena.allocate(JAVA_FLOAT, 3));
            DeviceTensors tensors = runtime.tensors(HostDevice.plain(), arena);
            assertThatThrownBy(() -> {
                        binding.input("c", tensors.over(arena.allocate(4), arena, TensorType.FLOAT, 1));
                        binding.run();
                    })
                    .isInstanceOf(EngineException.class)
                    .hasMessageStartingWith("ONNX Runtime: ")
                    .hasMessageContaining("c");
        }
    }

    @Test
    void anOutputOfAnotherShapeIsRefused() {
        try (DeviceSession session = runtime.open(model, HostDevice.plain(), 1);
                Arena arena = Arena.ofConfined()) {
            SessionBinding binding =
                    bound(session, arena, arena.allocateFrom(JAVA_FLOAT, 1, 2, 3), arena.allocate(JAVA_FLOAT, 3));
            DeviceTensors tensors = runtime.tensors(HostDevice.plain(), arena);
            binding.output("sum", tensors.over(arena.allocate(JAVA_FLOAT, 2), arena, TensorType.FLOAT, 2));
            assertThatThrownBy(binding::run)
                    .isInstanceOf(EngineException.class)
                    .hasMessageStartingWith("ONNX Runtime: ");
        }
    }

    @Test
    void aTensorLargerThanItsMemoryIsRefusedBeforeTheRuntimeSeesIt() {
        try (Arena arena = Arena.ofConfined()) {
            DeviceTensors tensors = runtime.tensors(HostDevice.plain(), arena);
            MemorySegment memory = arena.allocate(15);
            assertThatThrownBy(() -> tensors.over(memory, arena, TensorType.FLOAT, 2, 2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the tensor takes 16 bytes, but its memory has 15");
        }
    }

    @Test
    void aModelThatIsNotThereIsRefusedByName() {
        assertThatThrownBy(() -> runtime.open(folder.resolve("absent.onnx"), HostDevice.plain(), 1))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("absent.onnx");
    }

    @Test
    void aRuntimeWithoutCudaSaysSoWhenItIsToldToComputeThere() {
        assumeFalse(OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA), "this build has CUDA");
        try (FakeCuda cuda = new FakeCuda(1, 1000)) {
            CudaDevice device = cuda.device();
            assertThatThrownBy(() -> runtime.open(model, device, 1))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("CUDA");
        }
    }

    private SessionBinding bound(DeviceSession session, Arena arena, MemorySegment a, MemorySegment sum) {
        DeviceTensors tensors = runtime.tensors(HostDevice.plain(), arena);
        SessionBinding binding = session.bind(arena);
        binding.input("a", tensors.over(a, arena, TensorType.FLOAT, 3));
        binding.input("b", tensors.over(arena.allocateFrom(JAVA_FLOAT, 10, 20, 30), arena, TensorType.FLOAT, 3));
        binding.output("sum", tensors.over(sum, arena, TensorType.FLOAT, 3));
        return binding;
    }
}
