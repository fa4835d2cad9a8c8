package dev.littoral.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.littoral.testing.JsonMutator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever the bytes of safetensors headers and of indexes are, a checkpoint is read or refused by our own exception, and
 * no file outside its folder is opened. {@code -Dlittoral.fuzz=10} runs ten times as many mutations, of other seeds.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WeightsFuzzTest {

    private static final int RUNS = Integer.getInteger("littoral.fuzz", 1);
    private static final int HEADERS = 3000 * RUNS;
    private static final int INDEXES = 1500 * RUNS;

    /** Outside the folder lies a file with every tensor: who opens it finds all that is asked for. */
    private static final String OUTSIDE = "outside.safetensors";

    private static final List<String> PATHS = List.of(
            "../" + OUTSIDE,
            "..\\" + OUTSIDE,
            "./../" + OUTSIDE,
            "a/../../" + OUTSIDE,
            "/etc/passwd",
            "file:///etc/passwd",
            "model-1.safetensors/../../" + OUTSIDE,
            "model-1.safetensors\u0000",
            "..",
            ".",
            "",
            "\u202emodel-1.safetensors",
            "model-1.safetensors",
            "model-2.safetensors",
            "config.json",
            "model.embed_tokens.weight",
            "lm_head.weight",
            "__metadata__",
            "F32",
            "weight_map");

    @TempDir
    private Path folder;

    @Test
    void aMutatedHeaderIsReadOrRefused() throws IOException {
        Path checkpoint = TinyCheckpoint.write(folder.resolve("single"));
        Path file = checkpoint.resolve("model.safetensors");
        byte[] sound = Files.readAllBytes(file);
        int header = (int) ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String json = new String(sound, 8, header, StandardCharsets.UTF_8);
        SplittableRandom random = new SplittableRandom(RUNS);
        JsonMutator mutator = new JsonMutator(random, PATHS);
        int read = 0;
        for (int i = 0; i < HEADERS; i++) {
            byte[] bytes = random.nextInt(5) == 0
                    ? damaged(sound, header, random)
                    : withHeader(mutator.mutate(json), sound, 8 + header);
            read += endsWell(checkpoint, file, bytes, i) ? 1 : 0;
        }
        // metadata may be anything, and some changes undo each other; all else is refused
        assertThat(read).isBetween(1, HEADERS / 2);
    }

    @Test
    void aMutatedIndexIsReadOrRefusedAndLeadsNowhereElse() throws IOException {
        List<String> names = new ArrayList<>(TinyCheckpoint.shapes().keySet());
        Path checkpoint = Files.createDirectories(folder.resolve("sharded"));
        Files.writeString(checkpoint.resolve("config.json"), TinyCheckpoint.CONFIG);
        Map<String, String> map = new HashMap<>();
        for (String name : names) {
            map.put(name, names.indexOf(name) < 5 ? "model-1.safetensors" : "model-2.safetensors");
        }
        Files.write(checkpoint.resolve("model-1.safetensors"), TinyCheckpoint.safetensors(names.subList(0, 5)));
        Files.write(
                checkpoint.resolve("model-2.safetensors"), TinyCheckpoint.safetensors(names.subList(5, names.size())));
        Files.write(folder.resolve(OUTSIDE), TinyCheckpoint.safetensors(names));
        TinyCheckpoint.writeIndex(checkpoint, map);
        Path file = checkpoint.resolve("model.safetensors.index.json");
        String json = Files.readString(file);
        SplittableRandom random = new SplittableRandom(RUNS + 1000L);
        JsonMutator mutator = new JsonMutator(random, PATHS);
        int read = 0;
        for (int i = 0; i < INDEXES; i++) {
            byte[] bytes = mutator.mutate(json);
            boolean sound = endsWell(checkpoint, file, bytes, i);
            assertThat(sound && new String(bytes, StandardCharsets.UTF_8).contains(OUTSIDE))
                    .as("mutation %d leads out of the folder and is read", i)
                    .isFalse();
            read += sound ? 1 : 0;
        }
        assertThat(read).isBetween(1, INDEXES / 2);
    }

    private static byte[] withHeader(byte[] json, byte[] sound, int dataStart) {
        return ByteBuffer.allocate(8 + json.length + sound.length - dataStart)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(sound, dataStart, sound.length - dataStart)
                .array();
    }

    /** Changes the length, a byte, or where the file ends. */
    private static byte[] damaged(byte[] sound, int header, SplittableRandom random) {
        byte[] bytes = sound.clone();
        switch (random.nextInt(4)) {
            case 0 ->
                ByteBuffer.wrap(bytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(random.nextBoolean() ? random.nextLong() : header + random.nextInt(-9, 9));
            case 1 -> bytes[random.nextInt(8 + header)] ^= (byte) (1 << random.nextInt(8));
            case 2 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            default -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(1, 100));
        }
        return bytes;
    }

    /** Says whether it was read; anything but our own exception is told with the mutation that causes it. */
    private static boolean endsWell(Path checkpoint, Path file, byte[] bytes, int mutation) throws IOException {
        Files.deleteIfExists(file); // some disks are slow to write over a file, for fear of losing both
        Files.write(file, bytes);
        try (Checkpoint open = Checkpoint.open(checkpoint)) {
            assertThat(open.shape().layers()).isEqualTo(2);
            open.config().tensors().keySet().forEach(name -> open.tensor(name).values());
            return true;
        } catch (CheckpointException e) {
            assertThat(Path.of(e.file())).startsWithRaw(checkpoint);
            assertThat(String.valueOf(e.getMessage()).length())
                    .as("message of mutation %d", mutation)
                    .isLessThan(2000);
            return false;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            return fail("mutation %d of %s: %s".formatted(mutation, file.getFileName(), e), e);
        }
    }
}
