package dev.littoral.e2e.serving;

import static org.awaitility.Awaitility.await;

import dev.littoral.crds.ModelDeployment;
import dev.littoral.sandbox.process.Child;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Broker, API server, the packaged scheduler and packaged agents with the trained model, each a process of its own. */
final class ServingCluster implements AutoCloseable {

    static final String MODEL = "tiny";

    private static final Duration START = Duration.ofMinutes(3);
    private static final Path CHECKPOINT = Path.of("../models/target");
    private static final int LAYERS = 6;
    private static final String WIDTHS = String.join(",", Collections.nCopies(LAYERS, "8"));
    private static final String SPEC = """
            apiVersion: littoral.dev/v1alpha1
            kind: ModelDeployment
            metadata: {name: %s, namespace: default}
            spec: {model: target, variants: [target-8bit], pools: [cpu]}
            """.formatted(MODEL);

    private final Path folder;
    private final List<Child> children = new ArrayList<>();
    private final List<Child> agents = new ArrayList<>();
    // loopback addresses of its own, so that runs side by side do not meet
    private final String prefix = "127.%d.%d."
            .formatted(
                    ThreadLocalRandom.current().nextInt(100, 250),
                    ThreadLocalRandom.current().nextInt(1, 250));

    /** Starts all of it with this many agents, and returns when they are ready. */
    ServingCluster(Path folder, int agentCount) throws IOException {
        this.folder = folder;
        for (String module : List.of("scheduler", "node-agent")) {
            if (!Files.exists(app(module))) {
                throw new IllegalStateException(module + " must be packaged first: mvn -pl " + module + " -am package");
            }
        }
        Files.createDirectories(folder.resolve("peers"));
        sandbox(
                "broker",
                "dev.littoral.sandbox.broker.BrokerMain",
                "--address-file",
                folder.resolve("broker.address").toString());
        sandbox(
                "apiserver",
                "dev.littoral.sandbox.apiserver.ApiServerMain",
                "--kubeconfig",
                folder.resolve("kubeconfig").toString(),
                "--crds",
                "../crds/src/main/resources/META-INF/littoral/crds");
        appears("broker.address");
        appears("kubeconfig");
        for (int agent = 0; agent < agentCount; agent++) {
            agents.add(startAgent(agent));
        }
        for (int agent = 0; agent < agentCount; agent++) {
            awaitReady(agent);
        }
        deploy();
        children.add(Child.start(
                "scheduler",
                List.of(
                        java(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-jar",
                        app("scheduler").toString()),
                Map.of(
                        "KAFKA_BOOTSTRAP_SERVERS",
                        bootstrap(),
                        "KUBECONFIG",
                        folder.resolve("kubeconfig").toString(),
                        "QUARKUS_HTTP_PORT",
                        "0",
                        "LITTORAL_PORT_FILE",
                        folder.resolve("scheduler.port").toString()),
                folder.resolve("scheduler.log")));
        appears("scheduler.port");
    }

    String bootstrap() throws IOException {
        return Files.readString(folder.resolve("broker.address")).strip();
    }

    /** Kills an agent as a power cut would. */
    void kill(int agent) {
        agents.get(agent).kill();
        await().atMost(START).until(() -> !agents.get(agent).alive());
    }

    /** Starts an agent that was killed anew, at the same address. */
    void restart(int agent) {
        agents.set(agent, startAgent(agent));
        awaitReady(agent);
    }

    private Child startAgent(int index) {
        Map<String, String> environment = Map.ofEntries(
                Map.entry("LITTORAL_POD", "agent-" + index),
                Map.entry("LITTORAL_NODE", "node-" + index),
                Map.entry("LITTORAL_BIND", prefix + (index + 1)),
                Map.entry("LITTORAL_DEPLOYMENT", "default/" + MODEL),
                Map.entry("LITTORAL_PLAN", "p1"),
                Map.entry("LITTORAL_MODEL", MODEL),
                Map.entry("LITTORAL_CHECKPOINT", CHECKPOINT.toString()),
                Map.entry("LITTORAL_STAGE_FIRST_LAYER", "0"),
                Map.entry("LITTORAL_STAGE_END_LAYER", Integer.toString(LAYERS)),
                Map.entry("LITTORAL_STAGE_BITS", WIDTHS),
                Map.entry("LITTORAL_STAGE_EDGE_BITS", "8"),
                Map.entry("LITTORAL_STAGE_CONTEXT_TOKENS", "256"),
                Map.entry("LITTORAL_STAGE_SLOTS", "4"),
                Map.entry("LITTORAL_STAGE_CACHE", folder.resolve("cache").toString()),
                Map.entry("LITTORAL_PEERS", folder.resolve("peers").toString()),
                Map.entry("KAFKA_BOOTSTRAP_SERVERS", address()));
        return Child.start(
                "agent-" + index,
                List.of(
                        java(),
                        "@../node-agent/jvm.options",
                        "-XX:CompilerDirectivesFile=../node-agent/compiler.directives",
                        "-jar",
                        app("node-agent").toString()),
                environment,
                folder.resolve("agent-" + index + ".log"));
    }

    private String address() {
        try {
            return bootstrap();
        } catch (IOException e) {
            throw new UncheckedIOException("the broker's address cannot be read", e);
        }
    }

    private void awaitReady(int agent) {
        URI health = URI.create("http://" + prefix + (agent + 1) + ":8080/q/health/ready");
        await("agent " + agent + " to be ready")
                .atMost(START)
                .failFast("the agent ended", () -> !agents.get(agent).alive())
                .ignoreExceptions()
                .until(() -> {
                    HttpURLConnection connection =
                            (HttpURLConnection) health.toURL().openConnection();
                    try {
                        return connection.getResponseCode() == 200;
                    } finally {
                        connection.disconnect();
                    }
                });
    }

    /** Says, as the operator would, that the agents serve the model, each a replica. */
    private void deploy() throws IOException {
        Config config = Config.fromKubeconfig(Files.readString(folder.resolve("kubeconfig")));
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build()) {
            client.resource(Serialization.unmarshal(SPEC, ModelDeployment.class))
                    .serverSideApply();
            StringBuilder status = new StringBuilder(SPEC).append("status:\n  stages:\n");
            for (int replica = 0; replica < agents.size(); replica++) {
                status.append("""
                          - {replica: %d, index: 0, plan: p1, pod: agent-%d, node: node-%d, firstLayer: 0, endLayer: %d,
                             bits: [%s], variant: target-8bit, weightBytes: 1, kvBytes: 1, totalBytes: 2, freeBytes: 3,
                             address: "%s:9090", ready: true}
                        """.formatted(replica, replica, replica, LAYERS, WIDTHS, prefix + (replica + 1)));
            }
            client.resource(Serialization.unmarshal(status.toString(), ModelDeployment.class))
                    .patchStatus();
        }
    }

    private void sandbox(String name, String main, String... arguments) {
        // the broker's own libraries: on the tests' class path Kafka's client is that of the services
        Path target = Path.of("..", "sandbox", "target");
        String classpath = target.resolve("classes") + File.pathSeparator + target.resolve("lib") + "/*";
        List<String> command = new ArrayList<>(List.of(
                java(),
                "-Xmx256m",
                "-cp",
                classpath,
                main,
                "--data",
                folder.resolve(name + ".data").toString()));
        command.addAll(List.of(arguments));
        children.add(Child.start(name, command, Map.of(), folder.resolve(name + ".log")));
    }

    private void appears(String file) {
        await(file)
                .atMost(START)
                .until(() -> Files.exists(folder.resolve(file)) && Files.size(folder.resolve(file)) > 0);
    }

    private static Path app(String module) {
        return Path.of("..", module, "target", "quarkus-app", "quarkus-run.jar");
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    @Override
    public void close() {
        agents.forEach(Child::kill);
        children.reversed().forEach(Child::kill);
        children.forEach(child -> child.process().onExit().join());
    }
}
