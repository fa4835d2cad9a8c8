package dev.littoral.e2e.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Holds API servers to the golden files of Littoral's kinds: what is valid is taken, what is not is refused and said why. */
final class CrdGoldenFolderIT {

    private static final Path GOLDEN = Path.of("../crds/src/test/resources/golden");
    private static final String EXPECT = "# expect: ";
    private static final String NAMESPACE = "golden";

    @TestFactory
    Stream<DynamicTest> theRealApiServerTakesTheValidAndRefusesTheInvalid() throws IOException {
        return tests(Endpoint.real("golden files of the resource definitions"));
    }

    @TestFactory
    Stream<DynamicTest> theSandboxTakesTheValidAndRefusesTheInvalid() throws IOException {
        return tests(Endpoint.sandbox("golden files of the resource definitions"));
    }

    private static Stream<DynamicTest> tests(Endpoint endpoint) throws IOException {
        Kubectl kubectl = endpoint.kubectl(GOLDEN);
        List<String> files = files();
        assertThat(files)
                .as("golden files")
                .anyMatch(f -> f.startsWith("valid-"))
                .anyMatch(f -> f.startsWith("invalid-"));
        return Stream.concat(
                Stream.of(DynamicTest.dynamicTest("takes Littoral's kinds", () -> prepare(kubectl))),
                files.stream().map(file -> DynamicTest.dynamicTest(file, () -> check(kubectl, file))));
    }

    private static List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    private static void prepare(Kubectl kubectl) {
        Definitions.apply(kubectl, Definitions.LITTORAL);
        kubectl.createNamespace(NAMESPACE);
    }

    private static void check(Kubectl kubectl, String file) throws IOException {
        if (file.startsWith("invalid-")) {
            refuses(kubectl, file);
        } else {
            takes(kubectl, file);
        }
    }

    private static void takes(Kubectl kubectl, String file) {
        Answer created = kubectl.run(NAMESPACE, List.of("create", "-f", file));
        assertThat(created.stderr()).as("errors and warnings about %s", file).isEmpty();
        assertThat(created.stdout()).hasSize(1).first().asString().endsWith(" created");

        Answer deleted = kubectl.run(NAMESPACE, List.of("delete", "-f", file));
        assertThat(deleted.exit()).as(deleted.transcribed()).isZero();
    }

    private static void refuses(Kubectl kubectl, String file) throws IOException {
        String first = Files.readAllLines(GOLDEN.resolve(file)).getFirst();
        assertThat(first).as("first line of %s", file).startsWith(EXPECT);

        Answer created = kubectl.run(NAMESPACE, List.of("create", "-f", file));
        assertThat(created.exit()).as(created.transcribed()).isEqualTo(1);
        assertThat(created.stdout()).isEmpty();
        assertThat(String.join("\n", created.stderr())).contains(first.substring(EXPECT.length()));
    }
}
