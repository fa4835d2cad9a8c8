package dev.littoral.scheduler.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
}
