package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Looks at the resident memory of processes that load or prepare, as Linux counts it. */
@EnabledOnOs(OS.LINUX)
class ResidentIT {

    private static final Path TARGET = Path.of("..", "models", "target");
    private static final int VOCABULARY = 40_000;
    private static final long LARGEST_TENSOR_BYTES = VOCABULARY * 512L * 4;

    @TempDir
    private Path folder;

    private record Resident(long before, long after, long peak, long promised) {}

    @ParameterizedTest
    @CsvSource({
        "32, true, 32",
        "16, true, 32",
        "8, true, 32",
        "8, false, 32",
        "4, true, 32",
        "4, false, 32",
        "2, true, 32",
        "2, false, 32",
        "4, true, 16",
        "4, true, 8"
    })
    void theTrainedModelTakesWhatWasPromised(int bits, boolean symmetric, int kvBits)
            throws IOException, InterruptedException {
        Resident memory = child("load", TARGET, "" + bits, "" + symmetric, "" + kvBits, "512", "8");
        assertThat(memory.after() - memory.before()).isCloseTo(memory.promised(), withinPercentage(10));
    }

    @ParameterizedTest
    @CsvSource({"16, true", "8, true", "4, false", "2, true"})
    void preparingTakesAtMostThriceTheLargestTensor(int bits, boolean symmetric)
            throws IOException, InterruptedException {
        String config = RandomCheckpoint.LLAMA
                .replace("\"vocab_size\": 997", "\"vocab_size\": " + VOCABULARY)
                .replace("\"hidden_size\": 144", "\"hidden_size\": 512");
        Path checkpoint = RandomCheckpoint.write(folder.resolve("model"), config, "F32");
        // the embedding and the head are as large, and the layers are small: 82 MB, and 246 MB in all
        Resident memory = child("prepare", checkpoint, "" + bits, "" + symmetric, "32", "64", "1");
        assertThat(memory.peak() - memory.before()).isBetween(1L, 3 * LARGEST_TENSOR_BYTES);
    }

    private Resident child(String what, Path checkpoint, String... arguments) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // all of the heap is there from the beginning, so that what comes is native
                "-Xms64m",
                "-Xmx64m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:CompilerDirectivesFile=../node-agent/compiler.directives",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                ResidentMain.class.getName(),
                what,
                checkpoint.toString(),
                folder.resolve("cache").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        // as agents have it
        builder.environment()
                .put(
                        "GLIBC_TUNABLES",
                        "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=4294967296:glibc.malloc.arena_max=1");
        assertThat(builder.start().waitFor()).as(Files.readString(output)).isZero();
        List<String> lines = Files.readAllLines(output);
        long[] numbers = Arrays.stream(lines.getLast().split(" ", -1))
                .mapToLong(Long::parseLong)
                .toArray();
        return new Resident(numbers[0], numbers[1], numbers[2], numbers[3]);
    }
}
