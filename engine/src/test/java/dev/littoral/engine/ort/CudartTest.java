package dev.littoral.engine.ort;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.engine.EngineException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CudartTest {

    private final FakeCuda cuda = new FakeCuda(1, 1000);

    @AfterEach
    void close() {
        cuda.close();
    }

    @Test
    void memoryIsZeroedAndGivenBackWithItsArena() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = cuda.cudart().zeroed(600, arena);
            assertThat(memory.toArray(JAVA_BYTE)).hasSize(600).containsOnly(0);
            assertThat(cuda.takenBytes()).isEqualTo(600);
            assertThat(cuda.cudart().freeBytes()).isEqualTo(400);
        }
        assertThat(cuda.takenBytes()).isZero();
    }

    @Test
    void memoryThatIsNotThereIsToldInCudasWords() {
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> cuda.cudart().zeroed(1001, arena))
                    .isInstanceOf(EngineException.class)
                    .hasMessage("CUDA fails in taking 1001 bytes: out of memory (2)");
        }
    }

    @Test
    void aDeviceIsFilledFromTheHostAndWaitedFor() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocateFrom(JAVA_INT, 1, 2, 3);
            MemorySegment memory = cuda.cudart().zeroed(12, arena);
            cuda.calls().clear();
            cuda.device().fill(memory, host);
            assertThat(memory.toArray(JAVA_INT)).containsExactly(1, 2, 3);
            // 1 is cudaMemcpyHostToDevice
            assertThat(cuda.calls()).containsExactly("copy 1", "wait");
        }
    }

    @Test
    void rowsAreCopiedWithinADeviceAsWithinTheHost() {
        try (Arena arena = Arena.ofConfined()) {
            // two slots of two heads of four positions, one number each; two positions are copied
            int[] slots = {1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0};
            int[] copied = {1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 0, 0, 5, 6, 0, 0};
            for (Device device : new Device[] {HostDevice.plain(), cuda.device()}) {
                MemorySegment memory = device.zeroed(4L * slots.length, arena);
                device.fill(memory, arena.allocateFrom(JAVA_INT, slots));
                device.copyRows(memory, 0, 32, 16, 8, 2);
                assertThat(memory.toArray(JAVA_INT)).as(device.name()).containsExactly(copied);
            }
            assertThat(cuda.calls()).endsWith("rows 3", "wait");
        }
    }

    @Test
    void aLibraryThatTheSystemDoesNotFindIsNoFault() {
        // a machine with CUDA finds it: then it has its functions
        assertThat(Cudart.load())
                .satisfiesAnyOf(
                        found -> assertThat(found).isEmpty(),
                        found -> assertThat(found.orElseThrow().devices()).isNotNegative());
    }
}
