package dev.littoral.crds;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CrdYamlTest {

    /** {@code make crds} sets it: then the committed files are written, not compared. */
    private static final boolean REGENERATE = Boolean.getBoolean("littoral.crds.regenerate");

    @Test
    void theCommittedYamlIsWhatTheRecordsSay() throws IOException {
        if (REGENERATE) {
            CrdYaml.write(CrdYaml.COMMITTED);
        }

        assertThat(committed())
                .as(
                        "the CRDs under %s are not those of the records; run `make crds` and commit them",
                        CrdYaml.COMMITTED)
                .isEqualTo(CrdYaml.generate());
    }

    private static Map<String, String> committed() throws IOException {
        var files = new TreeMap<String, String>();
        try (var paths = Files.list(CrdYaml.COMMITTED)) {
            for (Path path : paths.toList()) {
                files.put(path.getFileName().toString(), Files.readString(path));
            }
        }
        return files;
    }
}
