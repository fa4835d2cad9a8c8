package dev.littoral.operator.it;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opentest4j.TestAbortedException;

/**
 * The API server to test against: the one of the kubeconfig named by LITTORAL_TEST_KUBECONFIG, else a real one from the
 * programs that e2e built on this machine.
 */
final class ApiServer {

    private ApiServer() {}

    /** Gives the kubeconfig of a running API server. */
    static Path kubeconfig(Path folder, Programs programs) throws IOException {
        Optional<Path> given =
                Optional.ofNullable(System.getenv("LITTORAL_TEST_KUBECONFIG")).map(Path::of);
        if (given.isPresent()) {
            return given.get();
        }
        Path built = built().orElseThrow(
                        () -> new TestAbortedException(
                                "the operator was not tested against an API server: set LITTORAL_TEST_KUBECONFIG, or build one with e2e/cluster/build"));
        return start(built, folder, programs);
    }

    static KubernetesClient client(Path kubeconfig) {
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(new File(kubeconfig.toString())))
                .build();
    }

    private static Optional<Path> built() throws IOException {
        Path cache = Path.of(Optional.ofNullable(System.getenv("LITTORAL_CACHE"))
                        .orElseGet(() -> Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                                        .orElse(System.getProperty("user.home") + "/.cache")
                                + "/littoral"))
                .resolve("cluster");
        if (!Files.isDirectory(cache)) {
            return Optional.empty();
        }
        try (var folders = Files.list(cache)) {
            return folders.filter(folder -> Files.isExecutable(folder.resolve("kube-apiserver")))
                    .filter(folder -> Files.isExecutable(folder.resolve("kube-controller-manager")))
                    .max(Comparator.comparingLong(folder -> folder.toFile().lastModified()));
        }
    }

    private static Path start(Path built, Path folder, Programs programs) throws IOException {
        int etcd = Programs.freePort();
        int peer = Programs.freePort();
        int api = Programs.freePort();
        Path key = folder.resolve("key.pem");
        Files.writeString(key, Keys.privateKeyPem());
        Files.writeString(folder.resolve("tokens.csv"), "secret,admin,admin,system:masters\n");
        Path kubeconfig = folder.resolve("kubeconfig");
        Files.writeString(kubeconfig, """
                apiVersion: v1
                kind: Config
                clusters: [{name: it, cluster: {server: "https://127.0.0.1:%d", insecure-skip-tls-verify: true}}]
                users: [{name: it, user: {token: secret}}]
                contexts: [{name: it, context: {cluster: it, user: it}}]
                current-context: it
                """.formatted(api));
        String client = "http://127.0.0.1:" + etcd;
        String peers = "http://127.0.0.1:" + peer;
        programs.start(
                folder.resolve("etcd.log"),
                Map.of(),
                List.of(
                        built.resolve("etcd").toString(),
                        "--data-dir=" + folder.resolve("etcd"),
                        "--listen-client-urls=" + client,
                        "--advertise-client-urls=" + client,
                        "--listen-peer-urls=" + peers,
                        "--initial-advertise-peer-urls=" + peers,
                        "--initial-cluster=default=" + peers,
                        "--unsafe-no-fsync=true",
                        "--log-level=warn"));
        programs.start(
                folder.resolve("kube-apiserver.log"),
                Map.of(),
                List.of(
                        built.resolve("kube-apiserver").toString(),
                        "--bind-address=127.0.0.1",
                        "--advertise-address=127.0.0.1",
                        "--secure-port=" + api,
                        "--endpoint-reconciler-type=none",
                        "--cert-dir=" + folder.resolve("certificates"),
                        "--etcd-servers=" + client,
                        "--token-auth-file=" + folder.resolve("tokens.csv"),
                        "--authorization-mode=RBAC",
                        "--service-cluster-ip-range=10.96.0.0/16",
                        "--service-account-issuer=https://kubernetes.default.svc",
                        "--service-account-key-file=" + key,
                        "--service-account-signing-key-file=" + key,
                        "--disable-admission-plugins=ServiceAccount"));
        awaitReady(kubeconfig, folder);
        programs.start(
                folder.resolve("kube-controller-manager.log"),
                Map.of(),
                List.of(
                        built.resolve("kube-controller-manager").toString(),
                        "--kubeconfig=" + kubeconfig,
                        "--controllers=garbage-collector-controller",
                        "--leader-elect=false",
                        "--secure-port=0"));
        return kubeconfig;
    }

    private static void awaitReady(Path kubeconfig, Path folder) {
        try (KubernetesClient client = client(kubeconfig)) {
            await("an API server; its log is in " + folder)
                    .atMost(Duration.ofSeconds(90))
                    .pollInterval(Duration.ofMillis(250))
                    .ignoreExceptionsMatching(KubernetesClientException.class::isInstance)
                    .until(() -> "ok".equals(client.raw("/readyz")));
        }
    }
}
