package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.engine.StageSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownDigestsTest {

    @TempDir
    private Path folder;

    private Path checkpoint = Path.of("");

    @BeforeEach
    void write() throws IOException {
        checkpoint = RandomCheckpoint.write(folder.resolve("model"), RandomCheckpoint.LLAMA, "F32");
    }

    @Test
    void whatIsRememberedIsWhatTheBytesGive() {
        String first = remembered();
        assertThat(notes()).hasSize(1);
        assertThat(first).isEqualTo(digest()).isEqualTo(exact());
    }

    @Test
    void whatIsRememberedIsNotWorkedOutAgain() throws IOException {
        remembered();
        String other = "0".repeat(64);
        Files.writeString(notes().getFirst(), other);
        assertThat(digest()).isEqualTo(other);
    }

    @Test
    void bytesChangedBehindTheSameSizeAndTimeAreSeen() throws IOException {
        String before = remembered();
        Path weights = checkpoint.resolve("model.safetensors");
        FileTime time = Files.getLastModifiedTime(weights);
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length / 3] ^= 1; // in layer 1
        Files.write(weights, bytes);
        Files.setLastModifiedTime(weights, time);
        assertThat(digest()).isNotEqualTo(before).isEqualTo(exact());
    }

    @Test
    void aDamagedNoteIsNoNote() throws IOException {
        String digest = remembered();
        Files.writeString(notes().getFirst(), "../../elsewhere");
        assertThat(digest()).isEqualTo(digest);
    }

    /** Asks until the files are old enough to be remembered. */
    private String remembered() {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            digest();
            return !notes().isEmpty();
        });
        return digest();
    }

    private String digest() {
        try (Checkpoint opened = Checkpoint.open(checkpoint)) {
            return new KnownDigests(folder.resolve("cache")).of(opened, spec());
        }
    }

    private String exact() {
        try (Checkpoint opened = Checkpoint.open(checkpoint)) {
            return StageDigest.of(opened, spec());
        }
    }

    private List<Path> notes() {
        if (!Files.isDirectory(folder.resolve("cache"))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
            return files.toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private StageSpec spec() {
        return new StageSpec(checkpoint, 1, 3, List.of(8, 8), 8, 32, 64, 1, 1, folder.resolve("cache"));
    }
}
