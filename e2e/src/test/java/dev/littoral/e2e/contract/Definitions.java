package dev.littoral.e2e.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

/** Brings resource definitions to an API server. */
final class Definitions {

    /** The folder of Littoral's own kinds. */
    static final Path LITTORAL = Path.of("../crds/src/main/resources/META-INF/littoral/crds");

    private Definitions() {}

    /** Applies a file or a folder and waits until its kinds are served. */
    static void apply(Kubectl kubectl, Path definitions) {
        String path = definitions.toAbsolutePath().normalize().toString();
        Answer applied = kubectl.run("default", List.of("apply", "-f", path));
        assertThat(applied.exit()).as(applied.transcribed()).isZero();

        Answer established =
                kubectl.run("default", List.of("wait", "-f", path, "--for=condition=Established", "--timeout=30s"));
        assertThat(established.exit()).as(established.transcribed()).isZero();
    }
}
