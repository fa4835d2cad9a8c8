package dev.littoral.scheduler.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchFilesTest {

    @Test
    void aBatchThatCannotBeReadDoesNotHideTheOthers(@TempDir Path folder) throws Exception {
        BatchFiles files = new BatchFiles(folder, 1 << 20);
        Batch sound = Batch.of(new BatchOrder(
                BatchFiles.newId("batch_"), "file-1", "/v1/chat/completions", "24h", Map.of(), 1_000, 87_400));
        files.save(sound);
        Path batches = folder.resolve("batches");
        Files.writeString(batches.resolve(BatchFiles.newId("batch_") + ".json"), "{\"unheard\": 1}");
        Files.writeString(batches.resolve(BatchFiles.newId("batch_") + ".json"), "{\"status\"");

        assertThat(files.batches()).containsExactly(sound);
    }

    @Test
    void whatAKilledProcessHasLeftIsGoneAndAllElseIsThere(@TempDir Path folder) throws Exception {
        BatchFiles before = new BatchFiles(folder, 1 << 20);
        BatchFiles.Stored kept = upload(before, "kept", 10).orElseThrow();
        Path upload = Files.writeString(before.uploads().resolve("half-an-upload"), "x");
        Path unnamed = Files.writeString(before.content(BatchFiles.newId("file-")), "x");
        Path part = Files.writeString(folder.resolve("files").resolve(kept.id() + ".json.part"), "{");
        Path batchPart = Files.writeString(folder.resolve("batches").resolve("batch_1.json.part"), "{");
        Path finals = Files.writeString(before.results(BatchFiles.newId("batch_")), "{}");

        BatchFiles after = new BatchFiles(folder, 1 << 20);

        assertThat(List.of(upload, unnamed, part, batchPart)).allMatch(Files::notExists);
        assertThat(finals).exists();
        assertThat(after.all()).containsExactly(kept);
        assertThat(after.content(kept.id())).hasSize(10);
    }

    @Test
    void whatOthersUploadNowTakesRoomToo(@TempDir Path folder) throws Exception {
        BatchFiles files = new BatchFiles(folder, 100);
        assertThat(upload(files, "a", 40)).isPresent();
        Path other = Files.write(files.uploads().resolve("other"), new byte[30]);

        assertThat(upload(files, "b", 31)).isEmpty();
        assertThat(upload(files, "b", 30)).isPresent();
        Files.delete(other);
        assertThat(upload(files, "c", 30)).isPresent();
    }

    private static Optional<BatchFiles.Stored> upload(BatchFiles files, String name, int bytes) throws IOException {
        Path from = Files.write(files.uploads().resolve(name), new byte[bytes]);
        return files.take(from, name, "batch", 0);
    }
}
