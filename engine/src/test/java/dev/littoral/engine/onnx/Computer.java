package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import dev.littoral.engine.ort.CudaDevice;
import dev.littoral.engine.ort.Device;
import dev.littoral.engine.ort.Devices;
import dev.littoral.engine.ort.HostDevice;
import dev.littoral.engine.ort.Provider;
import dev.littoral.engine.room.MachineRoom;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Assumptions;

/** What the parity tests run on, each of them on every one. */
enum Computer {
    /** The processor, at 32 bits. */
    PROCESSOR(2e-4),
    /** The processor, with the graph of halves and the binding that a CUDA device has. */
    REHEARSAL(5e-3),
    /** A CUDA device; where there is none, what was not run is told at the end of all tests. */
    CUDA(5e-3);

    private static final Path NOT_RUN = Path.of("target", "not-run.txt");

    /**
     * Largest difference to a logit of Hugging Face transformers at 32 bits, as a share of the logits' range. Halves have
     * 11 bits: each rounding is within 2^-12 of its number, 2.4e-4, and a dozen of them lie behind a logit.
     */
    final double mostOfRange;

    Computer(double mostOfRange) {
        this.mostOfRange = mostOfRange;
    }

    boolean halves() {
        return this != PROCESSOR;
    }

    OnnxEngine engine() {
        Device device = switch (this) {
            case PROCESSOR -> HostDevice.plain();
            case REHEARSAL -> HostDevice.rehearsing();
            case CUDA -> cuda();
        };
        return new OnnxEngine(
                OnnxEngine.DECODE_WAIT,
                new MachineRoom(),
                runtime -> new Devices.Found(device, "a test asks for it", true));
    }

    private static Device cuda() {
        // with a GPU and a build for it, a provider that does not start is a failure of the tests
        boolean expected = Files.exists(Path.of("/dev/nvidia0"))
                && OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
        Devices.Found found = new Devices()
                .choose(
                        expected ? Provider.CUDA : Provider.AUTO,
                        () -> OrtRuntime.with(1).binding());
        if (!(found.device() instanceof CudaDevice)) {
            String why = "NOT RUN: the parity of CUDA with the processor: no CUDA device: " + found.why();
            try {
                Files.createDirectories(NOT_RUN.getParent());
                Files.writeString(NOT_RUN, why + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            System.out.println(why);
            Assumptions.abort(why);
        }
        return found.device();
    }

    /** Holds logits to what they should be. */
    void assertAlike(float[] actual, float[] expected) {
        assertThat(TestStages.largestOfRange(actual, expected)).isLessThanOrEqualTo(mostOfRange);
        // both may be off by the bound, one up and one down
        double least = halves() ? -2 * mostOfRange * TestStages.range(expected) : 0;
        assertThat((double) (expected[TestStages.argmax(actual)] - expected[TestStages.argmax(expected)]))
                .isGreaterThanOrEqualTo(least);
    }
}
