package dev.littoral.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ControlPlaneTest {

    @TempDir
    private Path folder;

    private Path home;
    private Programs programs;

    @BeforeEach
    void fakeProgramsThatWork() throws Exception {
        home = folder.resolve("home");
        programs = new Programs(Files.createDirectories(folder.resolve("bin")));
        FakePrograms.script(programs.folder(), "etcd", "exec sleep 300");
        FakePrograms.script(programs.folder(), "kube-apiserver", "exec sleep 300");
        FakePrograms.script(programs.folder(), "kube-controller-manager", "exec sleep 300");
        FakePrograms.script(programs.folder(), "kubectl", "exit 0");
    }

    @Test
    void aFolderOfSomethingElseIsLeftAlone() throws Exception {
        Files.createDirectories(home.resolve("photos"));

        assertThatThrownBy(() -> ControlPlane.start(programs, home))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holds something that is no control plane's");
        assertThat(home.resolve("photos")).exists();
    }

    @Test
    void whatAnEarlierOneLeftIsGoneAndKeysAreForTheOwnerOnly() throws Exception {
        ControlPlane.start(programs, home).close();
        Files.createDirectories(home.resolve("etcd/member"));

        try (ControlPlane plane = ControlPlane.start(programs, home)) {
            assertThat(plane.isAlive()).isTrue();
            assertThat(home.resolve("etcd")).doesNotExist();
            for (String secret : new String[] {"kubeconfig", "tokens.csv", "service-account.key"}) {
                assertThat(Files.getPosixFilePermissions(home.resolve(secret))).hasSize(2);
            }
        }
    }

    @Test
    void aProgramThatEndsIsReportedWithItsLastLines() {
        FakePrograms.script(programs.folder(), "kubectl", "exit 1");
        FakePrograms.script(programs.folder(), "kube-apiserver", "echo unknown flag: --colour; exit 1");

        assertThatThrownBy(() -> ControlPlane.start(programs, home))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("unknown flag: --colour");
    }

    @Test
    void aPortThatWasTakenMeanwhileIsTriedAgainElsewhere() throws Exception {
        Path tries = folder.resolve("tries");
        FakePrograms.script(
                programs.folder(),
                "etcd",
                "echo try >> '" + tries + "'; [ $(grep -c try '" + tries + "') = 3 ] && exec sleep 300\n"
                        + "echo bind: address already in use; exit 1");
        FakePrograms.script(programs.folder(), "kubectl", "[ $(grep -c try '" + tries + "') = 3 ]");

        try (ControlPlane plane = ControlPlane.start(programs, home)) {
            assertThat(plane.isAlive()).isTrue();
        }
        assertThat(Files.readAllLines(tries)).hasSize(3);
    }
}
