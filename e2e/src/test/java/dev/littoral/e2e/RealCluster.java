package dev.littoral.e2e;

import dev.littoral.e2e.cluster.ControlPlane;
import dev.littoral.e2e.cluster.Programs;
import dev.littoral.e2e.cluster.ProgramsBuild;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shares one real control plane among all tests of this JVM, and ends with it. */
public final class RealCluster {

    private static final Path BUILD = Path.of("cluster/build");
    private static final Path FOLDER = Path.of("target/real-cluster");

    private static @Nullable ProgramsBuild build;
    private static @Nullable ControlPlane plane;

    private RealCluster() {}

    /**
     * Gives the running control plane, starting it first if need be.
     *
     * @param what the test that needs it, as {@code target/not-run.txt} shall name it
     * @throws org.opentest4j.TestAbortedException where it cannot be built
     */
    public static synchronized ControlPlane require(String what) {
        Programs programs = programs().orElseThrow(() -> NotRun.because(what, reason()));
        NotRun.runs(what);
        ControlPlane running = plane;
        if (running == null) {
            running = ControlPlane.start(programs, FOLDER);
            plane = running;
        }
        return running;
    }

    /** Gives the programs that Go built, if there is a Go. */
    public static synchronized Optional<Programs> programs() {
        return switch (built()) {
            case ProgramsBuild.Built(Programs programs) -> Optional.of(programs);
            case ProgramsBuild.Impossible _ -> Optional.empty();
        };
    }

    /** Says why there are no programs; empty if there are. */
    public static synchronized String reason() {
        return switch (built()) {
            case ProgramsBuild.Built _ -> "";
            case ProgramsBuild.Impossible(String reason) -> reason;
        };
    }

    private static ProgramsBuild built() {
        ProgramsBuild known = build;
        if (known == null) {
            known = ProgramsBuild.run(BUILD);
            build = known;
        }
        return known;
    }
}
