package dev.littoral.scheduler.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchResultsTest {

    private static final BatchAnswer SOUND = answer("one");

    private @TempDir Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("finals");
    }

    @Test
    void whatCouldNotBeWrittenIsNotCounted() throws Exception {
        BatchResults results = new BatchResults(file, 1);
        results.close();

        assertThatThrownBy(() -> results.add(0, SOUND)).isInstanceOf(IOException.class);

        assertThat(results.has(0)).isFalse();
        assertThat(results.ended()).isZero();
    }

    @Test
    void aRecordThatWasCutOffMakesRoomForTheNext() throws Exception {
        try (BatchResults results = new BatchResults(file, 3)) {
            results.add(2, SOUND);
            // as of a disk that was full for a while
            Files.writeString(
                    file, "{\"line\":1,\"status_code\":200,\"body\":{\"text\":\"tw", StandardOpenOption.APPEND);
            results.add(0, answer("zero"));
        }
        Files.writeString(file, "{\"line\":1,\"stat", StandardOpenOption.APPEND);

        try (BatchResults results = new BatchResults(file, 3)) {
            assertThat(results.has(1)).isFalse();
            assertThat(results.completed()).isEqualTo(2);
            results.add(1, answer("one"));

            assertThat(output(results, 3)).extracting(BatchResultsTest::text).containsExactly("zero", "one", "one");
        }
    }

    @Test
    void aRecordThatCannotBeReadIsLeftOut() throws Exception {
        Files.writeString(file, """
                {"line":7,"status_code":200,"body":{}}
                {"line":-1,"status_code":200,"body":{}}
                \0\0\0
                {"line":0,"status_code":200,"body":{"text":"zero"}}
                """);

        try (BatchResults results = new BatchResults(file, 1)) {
            assertThat(results.ended()).isEqualTo(1);
            assertThat(output(results, 1)).extracting(BatchResultsTest::text).containsExactly("zero");
        }
    }

    @Test
    void aLineEndsOnce() throws Exception {
        try (BatchResults results = new BatchResults(file, 1)) {
            assertThat(results.refuse(0, "line_too_long", "far too long")).isTrue();
            assertThat(results.add(0, SOUND)).isFalse();

            assertThat(results.completed()).isZero();
            assertThat(results.failed()).isEqualTo(1);
        }
    }

    private java.util.List<String> output(BatchResults results, int lines) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < lines; line++) {
            text.append("{\"custom_id\":\"c").append(line).append("\",\"body\":{}}\n");
        }
        Path input = Files.writeString(folder.resolve("in"), text);
        Path output = folder.resolve("out");
        results.write("batch_1", input, output, folder.resolve("errors"), "batch_expired", "too late");
        return Files.readAllLines(output);
    }

    private static String text(String line) {
        try {
            return new com.fasterxml.jackson.databind.ObjectMapper()
                    .readTree(line)
                    .at("/response/body/text")
                    .asText();
        } catch (IOException e) {
            throw new IllegalStateException(line, e);
        }
    }

    private static BatchAnswer answer(String text) {
        return new BatchAnswer(200, "", JsonNodeFactory.instance.objectNode().put("text", text));
    }
}
