package dev.littoral.e2e.cluster;

import java.nio.file.Path;
import java.util.List;

/** Spells the command lines of a control plane, and writes the files that they name. */
final class ControlPlaneCommands {

    private final Programs programs;
    private final Path home;
    private final Credentials credentials;
    private final String etcdClientUrl;
    private final String etcdPeerUrl;
    private final int apiPort;
    private final Path kubeconfig;

    /**
     * Makes keys and a kubeconfig in a folder.
     *
     * @param ports three free ports
     */
    ControlPlaneCommands(Programs programs, Path home, List<Integer> ports) {
        this.programs = programs;
        this.home = home;
        this.credentials = Credentials.create(home);
        this.etcdClientUrl = "http://127.0.0.1:" + ports.get(0);
        this.etcdPeerUrl = "http://127.0.0.1:" + ports.get(1);
        this.apiPort = ports.get(2);
        this.kubeconfig = Credentials.write(home.resolve("kubeconfig"), kubeconfigText());
    }

    Path kubeconfig() {
        return kubeconfig;
    }

    /** The data are thrown away with the process, so etcd need not wait for the disk. */
    List<String> etcd() {
        return List.of(
                programs.etcd().toString(),
                "--name=only",
                "--data-dir=" + home.resolve("etcd"),
                "--listen-client-urls=" + etcdClientUrl,
                "--advertise-client-urls=" + etcdClientUrl,
                "--listen-peer-urls=" + etcdPeerUrl,
                "--initial-advertise-peer-urls=" + etcdPeerUrl,
                "--initial-cluster=only=" + etcdPeerUrl,
                "--unsafe-no-fsync=true",
                "--log-level=warn");
    }

    /** Without the endpoint reconciler the server may advertise a loopback address. */
    List<String> apiServer() {
        String key = credentials.serviceAccountKey().toString();
        return List.of(
                programs.apiServer().toString(),
                "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1",
                "--secure-port=" + apiPort,
                "--endpoint-reconciler-type=none",
                "--cert-dir=" + certificates(),
                "--etcd-servers=" + etcdClientUrl,
                "--token-auth-file=" + credentials.tokenFile(),
                "--authorization-mode=RBAC",
                "--anonymous-auth=false",
                "--service-cluster-ip-range=10.96.0.0/16",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + key,
                "--service-account-signing-key-file=" + key,
                "--disable-admission-plugins=ServiceAccount");
    }

    List<String> controllerManager() {
        return List.of(
                programs.controllerManager().toString(),
                "--kubeconfig=" + kubeconfig,
                "--controllers=garbage-collector-controller,namespace-controller,serviceaccount-controller",
                "--leader-elect=false",
                "--secure-port=0");
    }

    List<String> readiness() {
        return List.of(
                programs.kubectl().toString(),
                "--kubeconfig=" + kubeconfig,
                "--cache-dir=" + home.resolve("discovery"),
                "--request-timeout=5s",
                "get",
                "--raw=/readyz");
    }

    private Path certificates() {
        return home.resolve("certificates");
    }

    /** The API server writes its certificate, signed by an authority of its own, and that authority into one file. */
    private String kubeconfigText() {
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: littoral
                  cluster:
                    server: https://127.0.0.1:%d
                    certificate-authority: "%s"
                users:
                - name: admin
                  user:
                    token: %s
                contexts:
                - name: littoral
                  context:
                    cluster: littoral
                    user: admin
                current-context: littoral
                """.formatted(apiPort, certificates().resolve("apiserver.crt"), credentials.token());
    }
}
