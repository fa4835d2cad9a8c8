package dev.littoral.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProgramsBuildTest {

    @TempDir
    private Path folder;

    @Test
    void theLastLineIsTheFolderOfThePrograms() {
        Path script = FakePrograms.script(folder, "build", "echo building; echo /some/where");

        assertThat(ProgramsBuild.run(script)).isEqualTo(new ProgramsBuild.Built(new Programs(Path.of("/some/where"))));
    }

    @Test
    void aMissingGoIsAnAnswerAndNoFault() {
        Path script = FakePrograms.script(folder, "build", "exit 3");

        assertThat(ProgramsBuild.run(script))
                .isEqualTo(
                        new ProgramsBuild.Impossible("Go is missing, which builds etcd, kube-apiserver and kubectl"));
    }

    @Test
    void aFailedBuildIsAFault() {
        Path script = FakePrograms.script(folder, "build", "exit 1");

        assertThatThrownBy(() -> ProgramsBuild.run(script))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("exit status 1");
    }

    @Test
    void aMissingScriptIsNamed() {
        assertThatThrownBy(() -> ProgramsBuild.run(folder.resolve("build")))
                .hasMessage("no executable script at " + folder.resolve("build"));
    }
}
