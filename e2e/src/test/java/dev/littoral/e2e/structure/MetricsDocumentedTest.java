package dev.littoral.e2e.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MetricsDocumentedTest {

    private static final Pattern MADE =
            Pattern.compile("(?:timer|counter|gauge|builder)\\(\\s*\"(littoral\\.[a-z.]+)\"");
    private static final Pattern LISTED = Pattern.compile("^\\| `(littoral\\.[a-z.]+)` \\|", Pattern.MULTILINE);

    @Test
    void thePageListsEveryMetricAndNoOther() throws IOException {
        String page = Files.readString(Path.of("../docs/reference/metrics.md"));
        List<String> made = Stream.of("operator", "scheduler", "node-agent")
                .flatMap(module -> sources(Path.of("..", module, "src/main/java")))
                .flatMap(source -> MADE.matcher(source).results().map(match -> match.group(1)))
                .distinct()
                .toList();

        assertThat(made).isNotEmpty();
        assertThat(LISTED.matcher(page).results().map(match -> match.group(1)))
                .containsExactlyInAnyOrderElementsOf(made);
    }

    private static Stream<String> sources(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files
                    .filter(file -> file.toString().endsWith(".java"))
                    .map(MetricsDocumentedTest::read)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
