package dev.littoral.e2e.cluster;

import java.nio.file.Path;

/**
 * Names the programs of a control plane.
 *
 * @param folder where {@code cluster/build} put them
 */
public record Programs(Path folder) {

    /** Gives the kubectl of the same version as the API server. */
    public Path kubectl() {
        return folder.resolve("kubectl");
    }

    Path etcd() {
        return folder.resolve("etcd");
    }

    Path apiServer() {
        return folder.resolve("kube-apiserver");
    }

    Path controllerManager() {
        return folder.resolve("kube-controller-manager");
    }
}
