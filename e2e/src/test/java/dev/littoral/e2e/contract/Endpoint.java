package dev.littoral.e2e.contract;

import dev.littoral.e2e.NotRun;
import dev.littoral.e2e.RealCluster;
import dev.littoral.e2e.SandboxApiServer;
import dev.littoral.e2e.cluster.ControlPlane;
import dev.littoral.e2e.cluster.Programs;
import java.nio.file.Path;

/**
 * Is an API server under test.
 *
 * @param kubectl the program to call it with, of the version that the contract was written with
 * @param kubeconfig how to reach it
 * @param home a folder for what kubectl keeps about it
 */
record Endpoint(Path kubectl, Path kubeconfig, Path home) {

    /** Gives the real kube-apiserver, or ends the test with a note where it cannot be built. */
    static Endpoint real(String what) {
        String test = what + " on the real kube-apiserver";
        ControlPlane plane = RealCluster.require(test);
        Programs programs = RealCluster.programs().orElseThrow();
        return new Endpoint(programs.kubectl(), plane.kubeconfig(), Path.of("target/contract/real-home"));
    }

    /** Gives the sandbox's API server, or ends the test with a note where there is no kubectl of the right version. */
    static Endpoint sandbox(String what) {
        String test = what + " on the sandbox's API server";
        Programs programs = RealCluster.programs().orElseThrow(() -> NotRun.because(test, RealCluster.reason()));
        NotRun.runs(test);
        Path kubeconfig = SandboxApiServer.shared().kubeconfig();
        return new Endpoint(programs.kubectl(), kubeconfig, Path.of("target/contract/sandbox-home"));
    }

    /** Gives a kubectl that runs in a folder and remembers nothing of an earlier server. */
    Kubectl kubectl(Path folder) {
        Kubectl kubectl = new Kubectl(this.kubectl, kubeconfig, folder.toAbsolutePath(), home);
        kubectl.forget();
        return kubectl;
    }
}
