package dev.littoral.scheduler.it;

import static org.awaitility.Awaitility.await;

import dev.littoral.crds.ModelDeployment;
import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.rig.FakeAgent;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;

/** Broker, API server and the packaged scheduler, each a process of its own, as {@code make demo} starts them. */
final class RealParts implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Path SANDBOX = Path.of("../sandbox/target");
    static final String PASSWORD = "secret";
    private static final String LOGIN = "littoral:" + PASSWORD;
    private static final Path SCHEDULER = Path.of("target/quarkus-app/quarkus-run.jar");
    private static final String DEPLOYMENT = """
            apiVersion: littoral.dev/v1alpha1
            kind: ModelDeployment
            metadata: {name: tiny, namespace: default}
            spec: {model: target, variants: [target-8bit], pools: [cpu]}
            """;

    private final Path folder;
    private final List<Process> processes = new ArrayList<>();
    private final Path kubeconfig;
    private final Map<String, String> settings;
    private Process broker;
    private Process apiServer;
    private Process scheduler;
    private int schedulers;

    RealParts(Path folder) throws IOException {
        this(folder, Map.of());
    }

    /** Starts all of it, the scheduler with these variables in its environment. */
    RealParts(Path folder, Map<String, String> settings) throws IOException {
        this.folder = folder;
        this.settings = new HashMap<>(settings);
        this.kubeconfig = folder.resolve("kubeconfig");
        if (!Files.isDirectory(SANDBOX.resolve("lib")) || !Files.exists(SCHEDULER)) {
            throw new IllegalStateException(
                    "sandbox and scheduler must be packaged first: mvn -pl scheduler -am verify");
        }
        broker = startBroker();
        apiServer = sandbox(
                "apiserver",
                "dev.littoral.sandbox.apiserver.ApiServerMain",
                "--data",
                folder.resolve("api").toString(),
                "--kubeconfig",
                kubeconfig.toString(),
                "--crds",
                "../crds/src/main/resources/META-INF/littoral/crds");
        appears(kubeconfig);
        scheduler = startScheduler();
    }

    String bootstrap() throws IOException {
        return Files.readString(folder.resolve("broker.address")).strip();
    }

    int httpPort() throws IOException {
        return Integer.parseInt(
                Files.readString(folder.resolve("port-" + schedulers)).strip());
    }

    Process scheduler() {
        return scheduler;
    }

    /** Says, as the operator would, that this agent serves the model "tiny". */
    void deploy(FakeAgent agent) throws IOException {
        deploy(agent.ref());
    }

    /** Says, as the operator would, that these agents serve the model "tiny", each a replica. */
    void deploy(AgentRef... agents) throws IOException {
        try (KubernetesClient client = kubernetes()) {
            client.resource(Serialization.unmarshal(DEPLOYMENT, ModelDeployment.class))
                    .serverSideApply();
            StringBuilder status = new StringBuilder("""
            apiVersion: littoral.dev/v1alpha1
            kind: ModelDeployment
            metadata: {name: tiny, namespace: default}
            spec: {model: target, variants: [target-8bit], pools: [cpu]}
            status:
              stages:
            """);
            for (int replica = 0; replica < agents.length; replica++) {
                status.append("""
              - {replica: %d, index: 0, plan: p1, pod: %s, node: n, firstLayer: 0, endLayer: 4, bits: [8, 8, 8, 8],
                 variant: target-8bit, weightBytes: 1, kvBytes: 1, totalBytes: 2, freeBytes: 3,
                 address: "%s", ready: true}
            """.formatted(replica, agents[replica].pod(), agents[replica].address())
                        .indent(2));
            }
            client.resource(Serialization.unmarshal(status.toString(), ModelDeployment.class))
                    .patchStatus();
        }
    }

    /** Kills the scheduler as a power cut would and starts another. */
    void replaceScheduler() throws IOException {
        kill(scheduler);
        scheduler = startScheduler();
    }

    /** Ends the scheduler and starts one that logs in to the broker with this password. */
    void replaceScheduler(String password) throws IOException {
        kill(scheduler);
        settings.putAll(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                Files.readString(folder.resolve("broker.secured")),
                "KAFKA_SECURITY_PROTOCOL",
                "SASL_PLAINTEXT",
                "KAFKA_SASL_MECHANISM",
                "PLAIN",
                "KAFKA_SASL_JAAS_CONFIG",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"littoral\""
                        + " password=\"" + password + "\";"));
        scheduler = startScheduler();
    }

    void killBroker() {
        kill(broker);
    }

    /** Kills the broker as a power cut would and starts it on what it left, at the same address. */
    void replaceBroker() throws IOException {
        String port = bootstrap().substring(bootstrap().lastIndexOf(':') + 1);
        kill(broker);
        broker = startBroker("--port", port);
    }

    private Process startBroker(String... more) throws IOException {
        Path address = folder.resolve("broker.address");
        Path ready = folder.resolve("broker.ready");
        Files.deleteIfExists(ready);
        List<String> arguments = new ArrayList<>(List.of(
                "--data",
                folder.resolve("kafka").toString(),
                "--address-file",
                ready.toString(),
                "--sasl",
                LOGIN,
                "--sasl-address-file",
                folder.resolve("broker.secured").toString()));
        arguments.addAll(List.of(more));
        Process process = sandbox("broker", "dev.littoral.sandbox.broker.BrokerMain", arguments.toArray(String[]::new));
        appears(ready);
        Files.copy(ready, address, StandardCopyOption.REPLACE_EXISTING);
        return process;
    }

    void killApiServer() {
        kill(apiServer);
    }

    static void kill(Process process) {
        process.destroyForcibly();
        await().atMost(PATIENCE).until(() -> !process.isAlive());
    }

    /** Opens a client of the API server, to be closed. */
    KubernetesClient kubernetes() throws IOException {
        Config config = Config.fromKubeconfig(Files.readString(kubeconfig));
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** Starts one more scheduler beside those that run. */
    Process addScheduler() throws IOException {
        scheduler = startScheduler();
        return scheduler;
    }

    /** Starts an agent that answers as {@link EchoAgent} says, a process of its own. */
    Process startAgent(String pod, int port, int slots) throws IOException {
        Path ready = folder.resolve(pod + ".ready");
        Files.deleteIfExists(ready);
        Process process = start(
                pod,
                List.of(
                        java(),
                        "-Xmx96m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EchoAgent.class.getName(),
                        pod,
                        Integer.toString(port),
                        Integer.toString(slots),
                        ready.toString()),
                Map.of());
        appears(ready);
        return process;
    }

    private Process startScheduler() throws IOException {
        schedulers++;
        Path port = folder.resolve("port-" + schedulers);
        Map<String, String> environment = new HashMap<>();
        environment.put("KAFKA_BOOTSTRAP_SERVERS", bootstrap());
        environment.putAll(settings);
        environment.put("KUBECONFIG", kubeconfig.toString());
        environment.put("QUARKUS_HTTP_PORT", "0");
        environment.put("LITTORAL_PORT_FILE", port.toString());
        Process process = start(
                "scheduler-" + schedulers,
                List.of(
                        java(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        SCHEDULER.toString()),
                environment);
        appears(port);
        return process;
    }

    private Process sandbox(String name, String main, String... arguments) throws IOException {
        String classpath = SANDBOX.resolve("classes") + File.pathSeparator + SANDBOX.resolve("lib") + "/*";
        List<String> command = new ArrayList<>(List.of(java(), "-Xmx256m", "-cp", classpath, main));
        command.addAll(List.of(arguments));
        return start(name, command, Map.of());
    }

    private Process start(String name, List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(name + ".log").toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private void appears(Path file) throws IOException {
        try {
            await(file.getFileName().toString())
                    .atMost(PATIENCE)
                    .failFast("a process has ended", () -> !processes.getLast().isAlive())
                    .until(() -> Files.exists(file) && Files.size(file) > 0);
        } catch (ConditionTimeoutException | TerminalFailureException e) {
            try (Stream<Path> logs =
                    Files.list(folder).filter(each -> each.toString().endsWith(".log"))) {
                for (Path log : logs.toList()) {
                    e.addSuppressed(new IllegalStateException(log.getFileName() + ":\n" + Files.readString(log)));
                }
            }
            throw e;
        }
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    @Override
    public void close() {
        processes.reversed().forEach(Process::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }
}
