package dev.littoral.scheduler.it;

import dev.littoral.crds.ModelDeployment;
import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.rig.FakeAgent;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Broker, API server and the packaged scheduler, each a process of its own, as {@code make demo} starts them. */
final class RealParts implements AutoCloseable {

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
    private final Programs programs;
    private final List<String> brokerArguments;
    private final Path kubeconfig;
    private final Map<String, String> settings;
    private Process broker;
    private Process apiServer;
    private Optional<Process> scheduler = Optional.empty();
    private int schedulers;

    RealParts(Path folder) throws IOException {
        this(folder, Map.of());
    }

    /** Starts all of it, the scheduler with these variables in its environment. */
    RealParts(Path folder, Map<String, String> settings) throws IOException {
        this(folder, settings, List.of());
        addScheduler();
    }

    /** Starts all but a scheduler, the broker with these arguments, too. */
    RealParts(Path folder, Map<String, String> settings, List<String> brokerArguments) throws IOException {
        this.folder = folder;
        this.settings = new HashMap<>(settings);
        this.brokerArguments = List.copyOf(brokerArguments);
        this.kubeconfig = folder.resolve("kubeconfig");
        this.programs = new Programs(folder);
        if (!Files.exists(SCHEDULER)) {
            throw new IllegalStateException("the scheduler must be packaged first: mvn -pl scheduler -am verify");
        }
        broker = startBroker(List.of());
        apiServer = startApiServer("0");
    }

    private Process startApiServer(String port) throws IOException {
        Files.deleteIfExists(kubeconfig);
        Process process = programs.sandbox(
                "apiserver",
                "dev.littoral.sandbox.apiserver.ApiServerMain",
                List.of(
                        "--data",
                        folder.resolve("api").toString(),
                        "--port",
                        port,
                        "--kubeconfig",
                        kubeconfig.toString(),
                        "--crds",
                        "../crds/src/main/resources/META-INF/littoral/crds"));
        programs.appears(kubeconfig);
        return process;
    }

    String bootstrap() throws IOException {
        return Files.readString(folder.resolve("broker.address")).strip();
    }

    /** Returns the address for those who log in. */
    String securedBootstrap() throws IOException {
        return Files.readString(folder.resolve("broker.secured")).strip();
    }

    int httpPort() throws IOException {
        return httpPort(schedulers);
    }

    /** Returns the port of the scheduler that was started as this one, from 1. */
    int httpPort(int number) throws IOException {
        return Integer.parseInt(
                Files.readString(folder.resolve("port-" + number)).strip());
    }

    Process scheduler() {
        return scheduler.orElseThrow();
    }

    /** Returns what the scheduler that was started last has logged. */
    String schedulerLog() throws IOException {
        return Files.readString(programs.log("scheduler-" + schedulers));
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
        replaceScheduler(Map.of());
    }

    /** Kills the scheduler as a power cut would and starts another, with these variables, too, from now on. */
    void replaceScheduler(Map<String, String> more) throws IOException {
        scheduler.ifPresent(Programs::kill);
        settings.putAll(more);
        addScheduler();
    }

    /** Returns the variables with which a scheduler logs in to the broker with this password. */
    Map<String, String> login(String password) throws IOException {
        return Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                securedBootstrap(),
                "KAFKA_SECURITY_PROTOCOL",
                "SASL_PLAINTEXT",
                "KAFKA_SASL_MECHANISM",
                "PLAIN",
                "KAFKA_SASL_JAAS_CONFIG",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"littoral\""
                        + " password=\"" + password + "\";");
    }

    void killBroker() {
        Programs.kill(broker);
    }

    /** Kills the broker as a power cut would and starts it on what it left, at the same address. */
    void replaceBroker() throws IOException {
        Programs.kill(broker);
        broker = startBroker(List.of("--port", port(bootstrap()), "--sasl-port", port(securedBootstrap())));
    }

    /** Starts the broker that was killed anew, at the same address, without anything that it had. */
    void emptyBroker() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("kafka"))) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
        replaceBroker();
    }

    private static String port(String address) {
        return address.substring(address.lastIndexOf(':') + 1);
    }

    private Process startBroker(List<String> more) throws IOException {
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
        arguments.addAll(brokerArguments);
        arguments.addAll(more);
        Process process = programs.sandbox("broker", "dev.littoral.sandbox.broker.BrokerMain", arguments);
        programs.appears(ready);
        Files.copy(ready, address, StandardCopyOption.REPLACE_EXISTING);
        return process;
    }

    /** Starts an API server that was killed anew, at the same address; it has forgotten everything. */
    void restartApiServer() throws IOException {
        String url = Config.fromKubeconfig(Files.readString(kubeconfig)).getMasterUrl();
        apiServer = startApiServer(Integer.toString(URI.create(url).getPort()));
    }

    void killApiServer() {
        Programs.kill(apiServer);
    }

    /** Opens a client of the API server, to be closed. */
    KubernetesClient kubernetes() throws IOException {
        Config config = Config.fromKubeconfig(Files.readString(kubeconfig));
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** Starts one more scheduler beside those that run. */
    Process addScheduler() throws IOException {
        Process started = startScheduler();
        scheduler = Optional.of(started);
        return started;
    }

    /** Starts an agent that answers as {@link EchoAgent} says, a process of its own. */
    Process startAgent(String pod, int port, int slots) throws IOException {
        Path ready = folder.resolve(pod + ".ready");
        Files.deleteIfExists(ready);
        Process process = programs.start(
                pod,
                List.of(
                        Programs.java(),
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
        programs.appears(ready);
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
        Process process = programs.start(
                "scheduler-" + schedulers,
                List.of(
                        Programs.java(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        SCHEDULER.toString()),
                environment);
        programs.appears(port);
        return process;
    }

    @Override
    public void close() {
        programs.close();
    }
}
