package dev.littoral.sandbox.demo;

import dev.littoral.sandbox.process.Child;
import dev.littoral.sandbox.process.Leftovers;
import dev.littoral.sandbox.process.ResidentMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The demo's processes: how each is started, where it says where it listens, and how all of them end. */
final class Parts implements AutoCloseable {

    /** A demo lasts a minute: what is called some twenty times is compiled, by the compiler that needs least. */
    private static final List<String> SMALL = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:CompileThresholdScaling=0.1",
            "-Xss512k",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private final Layout layout;
    private final Map<String, Child> children = new LinkedHashMap<>();

    Parts(Layout layout) throws IOException {
        this.layout = layout;
        Leftovers.note(layout.state(), ProcessHandle.current());
    }

    void startBroker() {
        sandbox(
                "broker",
                "-Xmx160m",
                "dev.littoral.sandbox.broker.BrokerMain",
                List.of("--data", file("broker"), "--address-file", file("broker.address")));
    }

    void startApiServer() {
        sandbox(
                "api-server",
                "-Xmx96m",
                "dev.littoral.sandbox.apiserver.ApiServerMain",
                List.of(
                        "--data",
                        file("api-server"),
                        "--kubeconfig",
                        layout.kubeconfig().toString()));
    }

    void startOperator(String broker, String schedulerUrl) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("KUBECONFIG", layout.kubeconfig().toString());
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", "0");
        environment.put("LITTORAL_AGENT_COMMAND", String.join(",", agentCommand()));
        environment.put("LITTORAL_AGENT_CACHE", file("weights"));
        environment.put("LITTORAL_AGENT_KAFKA_BOOTSTRAP_SERVERS", broker);
        environment.put("LITTORAL_CHECKPOINT_ROOTS", layout.models().toString());
        environment.put("LITTORAL_SCHEDULER_URL", schedulerUrl);
        quarkus("operator", "-Xmx128m", environment);
    }

    void startScheduler(String broker) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("KUBECONFIG", layout.kubeconfig().toString());
        environment.put("KAFKA_BOOTSTRAP_SERVERS", broker);
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", "0");
        environment.put("LITTORAL_PORT_FILE", file("scheduler.port"));
        quarkus("scheduler", "-Xmx192m", environment);
    }

    void startNode(NodeShape node, String addresses) {
        sandbox(
                "node-" + node.name(),
                "-Xmx64m",
                "dev.littoral.sandbox.node.NodeMain",
                List.of(
                        "--name", node.name(),
                        "--device", node.name(),
                        "--memory", node.memory(),
                        "--threads", String.valueOf(node.threads()),
                        "--profile", node.profile(),
                        "--addresses", addresses,
                        "--data", file("node-" + node.name()),
                        "--kubeconfig", layout.kubeconfig().toString()));
    }

    /** Cuts the power of a node: its process and those of its pods end at once. */
    void killNode(String name) {
        child("node-" + name).kill();
        children.remove("node-" + name);
    }

    /** Returns the content of a file that a process writes when it is up; empty before that. */
    Optional<String> published(String name) {
        children.values().stream().filter(child -> !child.alive()).findFirst().ifPresent(child -> {
            throw new DemoFailure(
                    "%s ended with exit status %d"
                            .formatted(child.name(), child.process().exitValue()),
                    Optional.of(child.log()));
        });
        try {
            Path path = Path.of(file(name));
            return Files.exists(path) ? Optional.of(Files.readString(path).strip()) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read what " + name + " says", e);
        }
    }

    Supplier<String> logsFolder() {
        return () -> "see " + layout.state().resolve("logs");
    }

    Path log(String name) {
        return layout.log(name);
    }

    /** Returns the resident bytes of every process by name, pods' processes as {@code node/pid}. */
    Map<String, Long> residentBytes() {
        Map<String, Long> bytes = new LinkedHashMap<>();
        for (Child child : children.values()) {
            ResidentMemory.bytes(child.process().pid()).ifPresent(value -> bytes.put(child.name(), value));
            child.process()
                    .descendants()
                    .forEach(process -> ResidentMemory.bytes(process.pid())
                            .ifPresent(value -> bytes.put(child.name() + "/agent-" + process.pid(), value)));
        }
        return bytes;
    }

    /** Ends every process: nodes first, so that agents can drain, the broker and the API server last. */
    @Override
    public void close() {
        List<Child> all = new ArrayList<>(children.values()).reversed();
        List<ProcessHandle> descendants =
                all.stream().flatMap(child -> child.process().descendants()).toList();
        all.forEach(child -> child.process().destroy());
        all.forEach(child -> child.stop(Duration.ofSeconds(4)));
        descendants.forEach(ProcessHandle::destroyForcibly);
    }

    private Child child(String name) {
        Child child = children.get(name);
        if (child == null) {
            throw DemoFailure.of("no process is named " + name);
        }
        return child;
    }

    private List<String> agentCommand() {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(SMALL);
        command.addAll(
                List.of("-Xmx96m", "-jar", layout.quarkusApp("node-agent").toString()));
        return command;
    }

    private void sandbox(String name, String heap, String main, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(java(), heap));
        command.addAll(SMALL);
        command.addAll(List.of("-cp", layout.sandboxClasspath(), main));
        command.addAll(arguments);
        start(name, command, Map.of());
    }

    private void quarkus(String module, String heap, Map<String, String> environment) {
        List<String> command = new ArrayList<>(List.of(java(), heap));
        command.addAll(SMALL);
        command.addAll(List.of("-jar", layout.quarkusApp(module).toString()));
        start(module, command, environment);
    }

    private void start(String name, List<String> command, Map<String, String> environment) {
        Child child = Child.start(name, command, environment, layout.log(name));
        children.put(name, child);
        try {
            Leftovers.note(layout.state(), child.process().toHandle());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot note the process of " + name, e);
        }
    }

    private String file(String name) {
        return layout.state().resolve(name).toString();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
