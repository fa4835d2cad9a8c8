package dev.littoral.e2e.contract;

import dev.littoral.e2e.SandboxApiServer;
import java.nio.file.Path;

/** Holds the sandbox's API server to the client contract, which needs no kubectl. */
final class SandboxApiServerClientIT extends ClientContract {

    @Override
    Path kubeconfig() {
        return SandboxApiServer.shared().kubeconfig();
    }
}
