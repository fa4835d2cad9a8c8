package dev.littoral.e2e.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Holds the pods that the operator spells to the real API server: each is taken, and nothing of it is dropped. */
final class AgentPodsIT {

    private static final Path GOLDEN = Path.of("../operator/src/test/resources");
    private static final String NAMESPACE = "team";

    @TestFactory
    Stream<DynamicTest> theRealApiServerTakesThePodsOfAgents() throws IOException {
        Kubectl kubectl = Endpoint.real("pods of agents").kubectl(GOLDEN);
        kubectl.createNamespace(NAMESPACE);
        return files().stream().map(file -> DynamicTest.dynamicTest(file, () -> takes(kubectl, file)));
    }

    private static List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(GOLDEN, 2)) {
            List<String> pods = files.filter(
                            file -> file.getFileName().toString().startsWith("out-"))
                    .map(file -> GOLDEN.relativize(file).toString())
                    .sorted()
                    .toList();
            assertThat(pods).as("golden pods").anyMatch(file -> file.contains("image"));
            return pods;
        }
    }

    private static void takes(Kubectl kubectl, String file) throws IOException {
        // strict: a field that the server does not know is an error; one that a feature gate drops is missed below
        Answer created = kubectl.run(
                NAMESPACE, List.of("create", "--dry-run=server", "--validate=strict", "-o", "yaml", "-f", file));

        assertThat(created.exit()).as(created.transcribed()).isZero();
        assertThat(created.stderr()).as("errors and warnings about %s", file).isEmpty();
        String taken = String.join("\n", created.stdout());
        for (String value : values(file)) {
            assertThat(taken).as("what the server made of %s", file).contains(value);
        }
    }

    /** Gives the values of the pods, which a server writes back as they were. */
    private static List<String> values(String file) throws IOException {
        return Files.readAllLines(GOLDEN.resolve(file)).stream()
                .filter(line -> line.matches("\\s*(- )?(reference|path|claimName|mountPath|fieldPath|image): \".*\""))
                .map(line -> line.substring(line.indexOf('"') + 1, line.lastIndexOf('"')))
                .toList();
    }
}
