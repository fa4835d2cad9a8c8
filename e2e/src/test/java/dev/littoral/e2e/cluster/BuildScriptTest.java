package dev.littoral.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BuildScriptTest {

    private static final List<String> TOOLS = List.of(
            "sh", "dirname", "sed", "uname", "cat", "sha256sum", "shasum", "cut", "mktemp", "mkdir", "rm", "nice");

    @TempDir
    private Path folder;

    private record Outcome(int exit, String stdout, String stderr) {}

    @Test
    void theFolderLiesInTheCacheThatIsAskedFor() throws Exception {
        Outcome asked = build("--folder");

        assertThat(asked.exit()).isZero();
        assertThat(asked.stdout()).matches("\\Q" + folder.resolve("cache") + "\\E/cluster/[0-9a-f]{16}\n");
    }

    @Test
    void nothingIsBuiltThatIsThere() throws Exception {
        Path built = Path.of(build("--folder").stdout().strip());
        Files.createDirectories(built);

        assertThat(build()).isEqualTo(new Outcome(0, built + "\n", ""));
    }

    @Test
    void aMissingGoIsSaidWithItsOwnStatus() throws Exception {
        Outcome refused = build();

        assertThat(refused.exit()).isEqualTo(3);
        assertThat(refused.stderr()).contains("Go is missing").contains("Install Go 1.");
        assertThat(folder.resolve("cache")).doesNotExist();
    }

    @Test
    void anUnknownArgumentIsRefused() throws Exception {
        assertThat(build("--fast").exit()).isEqualTo(2);
    }

    /** Runs the script on a machine that has its tools, but no Go. */
    private Outcome build(String... arguments) throws IOException, InterruptedException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : TOOLS) {
            Path link = tools.resolve(tool);
            if (!Files.exists(link)) {
                Stream.of("/usr/bin", "/bin")
                        .map(bin -> Path.of(bin, tool))
                        .filter(Files::exists)
                        .findFirst()
                        .ifPresent(found -> link(link, found));
            }
        }
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(
                        Stream.of(Path.of("cluster/build").toAbsolutePath().toString()), Stream.of(arguments))
                .toList());
        builder.environment().clear();
        builder.environment().put("PATH", tools.toString());
        builder.environment().put("GOROOT", folder.resolve("no-go").toString());
        builder.environment().put("LITTORAL_CACHE", folder.resolve("cache").toString());
        Path stderr = folder.resolve("stderr.txt");
        Process process = builder.redirectError(stderr.toFile()).start();
        String stdout = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), stdout, Files.readString(stderr));
    }

    private static void link(Path link, Path target) {
        try {
            Files.createSymbolicLink(link, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
