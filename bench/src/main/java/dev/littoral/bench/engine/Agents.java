package dev.littoral.bench.engine;

import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.agent.v1.AgentGrpc;
import dev.littoral.protocol.agent.v1.DescribeRequest;
import dev.littoral.protocol.agent.v1.Finished;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.agent.v1.Sampling;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** The packaged agents of one replica, each stage a process of its own on a loopback address of its own. */
final class Agents implements AutoCloseable {

    private static final Path PROGRAM = Path.of("node-agent/target/quarkus-app/quarkus-run.jar");
    private static final Duration START = Duration.ofMinutes(3);
    private static final int PORT = 9090;

    private final List<Process> processes = new ArrayList<>();
    private final ManagedChannel channel;

    private Agents(String first) {
        channel = NettyChannelBuilder.forAddress(first, PORT).usePlaintext().build();
    }

    /**
     * Starts an agent for each stage and waits until the first is ready.
     *
     * @param borders the first layer of each stage, and the layer after the last
     */
    static Agents start(
            Path model, List<Integer> borders, int bits, int block, int threads, Path work, Map<String, String> more)
            throws IOException, InterruptedException {
        if (!Files.exists(PROGRAM)) {
            throw new IOException(PROGRAM + " is missing: run from the checkout's root, by make bench");
        }
        String prefix = "127." + ThreadLocalRandom.current().nextInt(2, 250) + "."
                + ThreadLocalRandom.current().nextInt(1, 250) + ".";
        Path folder = Files.createTempDirectory(work, "agents");
        var agents = new Agents(prefix + 1);
        try {
            for (int stage = borders.size() - 2; stage >= 0; stage--) {
                Path peers = Files.createDirectories(folder.resolve("peers-" + stage));
                if (stage < borders.size() - 2) {
                    Files.writeString(peers.resolve("next"), prefix + (stage + 2) + ":" + PORT);
                }
                int layers = borders.get(stage + 1) - borders.get(stage);
                Map<String, String> environment = new HashMap<>(more);
                environment.putAll(Map.of(
                        "LITTORAL_BIND", prefix + (stage + 1),
                        "LITTORAL_STAGE_FIRST_LAYER", "" + borders.get(stage),
                        "LITTORAL_STAGE_END_LAYER", "" + borders.get(stage + 1),
                        "LITTORAL_STAGE_BITS",
                                String.join(
                                        ",",
                                        IntStream.range(0, layers)
                                                .mapToObj(i -> "" + bits)
                                                .toList()),
                        "LITTORAL_STAGE_EDGE_BITS", "" + bits,
                        "LITTORAL_STAGE_BLOCK_SIZE", "" + block,
                        "LITTORAL_STAGE_THREADS", "" + threads,
                        "LITTORAL_CHECKPOINT", model.toString(),
                        "LITTORAL_STAGE_CACHE", work.resolve("cache").toString(),
                        "LITTORAL_PEERS", peers.toString()));
                environment.putAll(Map.of(
                        "LITTORAL_POD", "bench-" + stage,
                        "LITTORAL_NODE", "bench",
                        "LITTORAL_DEPLOYMENT", "bench/bench",
                        "LITTORAL_PLAN", "bench",
                        "LITTORAL_MODEL", "bench",
                        "LITTORAL_STAGE_CONTEXT_TOKENS", "512",
                        "LITTORAL_STAGE_SLOTS", "1",
                        // nobody listens there: no telemetry is wanted
                        "KAFKA_BOOTSTRAP_SERVERS", prefix + "1:1"));
                agents.processes.add(process(environment, folder.resolve("agent-" + stage + ".log")));
            }
            agents.awaitReady(folder);
            return agents;
        } catch (IOException | InterruptedException | RuntimeException e) {
            agents.close();
            throw e;
        }
    }

    private static Process process(Map<String, String> environment, Path log) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var builder = new ProcessBuilder(List.of(
                        java,
                        "@node-agent/jvm.options",
                        "-XX:CompilerDirectivesFile=node-agent/compiler.directives",
                        "-jar",
                        PROGRAM.toString()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("LITTORAL_"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private void awaitReady(Path folder) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(START);
        while (Instant.now().isBefore(end) && processes.stream().allMatch(Process::isAlive)) {
            try {
                AgentDescription description =
                        AgentGrpc.newBlockingStub(channel).describe(DescribeRequest.getDefaultInstance());
                if (description.getReady()) {
                    return;
                }
            } catch (StatusRuntimeException e) {
                // it does not listen yet
            }
            Thread.sleep(100);
        }
        throw new IOException("the agents are not ready; see " + folder);
    }

    /** Decodes greedily and gives tokens per second, from the prompt's end to the last token. */
    double tokensPerSecond(String prompt, int tokens) {
        var events = AgentGrpc.newBlockingStub(channel)
                .generate(GenerateRequest.newBuilder()
                        .setId("bench")
                        .setModel("bench")
                        .setText(prompt)
                        .setSampling(Sampling.newBuilder().setMaxTokens(tokens))
                        .build());
        long begin = System.nanoTime();
        Finished finished = Finished.getDefaultInstance();
        while (events.hasNext()) {
            GenerateEvent event = events.next();
            if (event.hasFinished()) {
                finished = event.getFinished();
            }
        }
        return finished.getCompletionTokens() / ((System.nanoTime() - begin) / 1e9);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        processes.forEach(Process::destroy);
        processes.forEach(process -> process.onExit().join());
    }
}
