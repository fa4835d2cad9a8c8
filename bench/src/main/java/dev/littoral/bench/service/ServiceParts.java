package dev.littoral.bench.service;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Broker, API server, scheduler and agent, each a process of its own on loopback. */
final class ServiceParts implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String SANDBOX =
            Path.of("sandbox/target/classes") + File.pathSeparator + Path.of("sandbox/target/lib") + "/*";

    /**
     * As Kafka's own {@code kafka-server-start.sh} and {@code kafka-run-class.sh} start a broker. A heap that begins small
     * is marked anew every few seconds, for 100 to 170 ms each.
     */
    private static final List<String> BROKER_OPTIONS = List.of(
            "-Xms1g",
            "-Xmx1g",
            "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20",
            "-XX:InitiatingHeapOccupancyPercent=35",
            "-XX:+ExplicitGCInvokesConcurrent");

    private static final Path SCHEDULER = Path.of("scheduler/target/quarkus-app/quarkus-run.jar");
    private static final String DEPLOYMENT = """
            {"apiVersion": "littoral.dev/v1alpha1", "kind": "ModelDeployment",
             "metadata": {"name": "tiny", "namespace": "default"},
             "spec": {"model": "target", "variants": ["target-8bit"], "pools": ["cpu"]}%s}
            """;
    private static final String STATUS = """
            , "status": {"stages": [{"replica": 0, "index": 0, "plan": "p1", "pod": "stub", "node": "n",
              "firstLayer": 0, "endLayer": 4, "bits": [8, 8, 8, 8], "variant": "target-8bit", "weightBytes": 1,
              "kvBytes": 1, "totalBytes": 2, "freeBytes": 3, "address": "ADDRESS", "ready": true}]}
            """;

    private final Path folder;
    private final List<Process> processes = new ArrayList<>();
    private final String bootstrap;
    private final String agent;
    private final Process broker;
    private final Process scheduler;

    /**
     * Starts them.
     *
     * @param options of the scheduler's virtual machine
     * @param settings of the scheduler, as variables of its environment
     */
    ServiceParts(List<String> options, Map<String, String> settings) throws IOException, InterruptedException {
        if (!Files.exists(SCHEDULER)) {
            throw new IllegalStateException(SCHEDULER + " is missing: run from the checkout's root, by make bench");
        }
        folder = Files.createTempDirectory("littoral-bench");
        List<String> brokerCommand = new ArrayList<>(BROKER_OPTIONS);
        brokerCommand.addAll(List.of(
                "-cp",
                SANDBOX,
                "dev.littoral.sandbox.broker.BrokerMain",
                "--data",
                folder.resolve("kafka").toString(),
                "--address-file",
                file("broker.address")));
        bootstrap = started("broker.address", brokerCommand, Map.of());
        broker = processes.getLast();
        agent = started(
                "agent.address",
                List.of(
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StubAgent.class.getName(),
                        file("agent.address")),
                Map.of());
        String kubeconfig = started(
                "kubeconfig",
                List.of(
                        "-cp",
                        SANDBOX,
                        "dev.littoral.sandbox.apiserver.ApiServerMain",
                        "--data",
                        folder.resolve("api").toString(),
                        "--kubeconfig",
                        file("kubeconfig"),
                        "--crds",
                        "crds/src/main/resources/META-INF/littoral/crds"),
                Map.of());
        deploy(kubeconfig);
        List<String> command = new ArrayList<>(options);
        command.addAll(List.of("-jar", SCHEDULER.toString()));
        Map<String, String> environment = new java.util.HashMap<>(settings);
        environment.putAll(Map.of(
                "KUBECONFIG",
                file("kubeconfig"),
                "KAFKA_BOOTSTRAP_SERVERS",
                bootstrap,
                "QUARKUS_HTTP_PORT",
                "0",
                "LITTORAL_PORT_FILE",
                file("port")));
        String ignored = started("port", command, environment);
        scheduler = processes.getLast();
    }

    private String file(String name) {
        return folder.resolve(name).toAbsolutePath().toString();
    }

    String bootstrap() {
        return bootstrap;
    }

    String agent() {
        return agent;
    }

    /** Returns the processor time of the scheduler so far, in nanoseconds. */
    long schedulerCpuNanos() {
        return cpuNanos(scheduler);
    }

    /** Returns the processor time of the broker so far, in nanoseconds. */
    long brokerCpuNanos() {
        return cpuNanos(broker);
    }

    private static long cpuNanos(Process process) {
        return process.info().totalCpuDuration().map(Duration::toNanos).orElseThrow();
    }

    /** Returns the processor time of the scheduler's threads so far. */
    ThreadTimes schedulerThreads() throws IOException {
        return ThreadTimes.of(scheduler.pid());
    }

    /** Starts a process and returns what it writes to the file. */
    private String started(String file, List<String> arguments, Map<String, String> environment)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        Path log = folder.resolve(file + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        Path ready = folder.resolve(file);
        long giveUpAt = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(ready) || Files.size(ready) == 0) {
            if (process.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() > giveUpAt) {
                // nobody gets this to close it
                processes.forEach(Process::destroyForcibly);
                throw new IllegalStateException(command + " does not start:\n" + Files.readString(log));
            }
        }
        return Files.readString(ready).strip();
    }

    private void deploy(String kubeconfig) throws IOException, InterruptedException {
        String server = kubeconfig
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("server: "))
                .map(line -> line.substring("server: ".length()))
                .findFirst()
                .orElseThrow();
        String all = server + "/apis/littoral.dev/v1alpha1/namespaces/default/modeldeployments";
        send(all, "POST", "application/json", DEPLOYMENT.formatted(""));
        send(
                all + "/tiny/status",
                "PATCH",
                "application/merge-patch+json",
                DEPLOYMENT.formatted(STATUS.replace("ADDRESS", agent)));
    }

    private static void send(String uri, String method, String type, String body)
            throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> reply = http.send(
                    HttpRequest.newBuilder(URI.create(uri))
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .header("Content-Type", type)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (reply.statusCode() >= 300) {
                throw new IllegalStateException(method + " " + uri + ": " + reply.statusCode() + " " + reply.body());
            }
        }
    }

    @Override
    public void close() throws IOException {
        // so that it can write what its virtual machine was asked to record
        scheduler.destroy();
        try {
            boolean ignored = scheduler.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        processes.reversed().forEach(Process::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
        try (var files = Files.walk(folder)) {
            Optional<Boolean> ignored = files.sorted(java.util.Comparator.reverseOrder())
                    .map(each -> each.toFile().delete())
                    .reduce(Boolean::logicalAnd);
        }
    }
}
