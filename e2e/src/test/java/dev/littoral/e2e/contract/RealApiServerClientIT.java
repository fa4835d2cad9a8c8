package dev.littoral.e2e.contract;

import java.nio.file.Path;

/** Holds the client contract to the truth. */
final class RealApiServerClientIT extends ClientContract {

    @Override
    Path kubeconfig() {
        return Endpoint.real("client contract").kubeconfig();
    }
}
