package dev.littoral.bench.service;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.bench.files.FigureFile;
import dev.littoral.protocol.agent.v1.AgentGrpc;
import dev.littoral.protocol.agent.v1.ChatMessage;
import dev.littoral.protocol.agent.v1.ChatPrompt;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.agent.v1.Sampling;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the scheduler and Kafka cost a request whose answer is one token: processor time, and time that is waited. */
@Command(
        name = "scheduler",
        mixinStandardHelpOptions = true,
        description = "The real scheduler between a broker and a stub agent, one-token answers.")
public final class SchedulerBench implements Callable<Integer> {

    @Option(names = "--requests", defaultValue = "60000", description = "Of the full load; default ${DEFAULT-VALUE}.")
    private int requests;

    @Option(
            names = "--warm-up",
            defaultValue = "60000",
            description = "Requests before those, of a young virtual machine; default ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(
            names = "--rates",
            split = ",",
            defaultValue = "20,500,1000",
            description = "Steady rates, requests a second; default ${DEFAULT-VALUE}.")
    private List<Integer> rates = List.of();

    @Option(names = "--in-flight", defaultValue = "256", description = "Requests under way at full load.")
    private int inFlight;

    @Option(names = "--seconds", defaultValue = "10", description = "Of each steady rate; the later half counts.")
    private int seconds;

    @Option(
            names = "--fenced",
            defaultValue = "true",
            arity = "1",
            description = "Finals in transactions: true, false.")
    private boolean fenced;

    @Option(names = "--jvm", description = "Option of the scheduler's virtual machine, such as -Xmx256m; repeatable.")
    private List<String> jvm = List.of("-Xmx512m", "-XX:+UseSerialGC");

    @Option(names = "--seed", defaultValue = "1", description = "Of the arrivals.")
    private long seed;

    @Option(names = "--out", defaultValue = "bench/results", description = "Folder for scheduler.json.")
    private Path out = Path.of("");

    @Override
    public Integer call() throws Exception {
        ObjectNode figures = new ObjectMapper().createObjectNode();
        figures.put("fenced_finals", fenced)
                .put("processors", Runtime.getRuntime().availableProcessors());
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("LITTORAL_KAFKA_FENCED_FINALS", Boolean.toString(fenced));
        settings.put("LITTORAL_KAFKA_MAX_IN_FLIGHT", Integer.toString(inFlight));
        settings.put("LITTORAL_SCHEDULER_MAX_WAITING", Integer.toString(2 * inFlight));
        try (ServiceParts parts = new ServiceParts(jvm, settings);
                KafkaCaller kafka =
                        new KafkaCaller(parts.bootstrap(), "littoral.requests", "littoral.responses", "r")) {
            ManagedChannel channel = NettyChannelBuilder.forTarget(parts.agent())
                    .usePlaintext()
                    .directExecutor()
                    .build();
            fullLoad(figures.putObject("first_requests"), parts, kafka, warmUp);
            fullLoad(figures.putObject("full_load"), parts, kafka, requests);
            try (KafkaCaller hop =
                    new KafkaCaller(parts.bootstrap(), "littoral.telemetry", "littoral.telemetry", "h")) {
                for (int rate : rates) {
                    ObjectNode at = figures.putObject("at_" + rate + "_per_second");
                    rate(at, rate, parts, kafka, hop, channel);
                }
            }
            channel.shutdownNow();
        }
        Path file = out.resolve("scheduler.json");
        FigureFile.write(file, figures);
        System.out.println("figures: " + file);
        return 0;
    }

    private static final double LEAST_SHOWN_MICROS = 0.5;

    private final AtomicInteger asked = new AtomicInteger();

    /** Keeps so many requests under way all the time; the scheduler's processor time is divided by their number. */
    private void fullLoad(ObjectNode figures, ServiceParts parts, KafkaCaller kafka, int count)
            throws InterruptedException, IOException {
        Semaphore free = new Semaphore(inFlight * 2);
        kafka.onEnd(number -> free.release());
        ThreadTimes threads = parts.schedulerThreads();
        long cpu = parts.schedulerCpuNanos();
        long brokerCpu = parts.brokerCpuNanos();
        long begin = System.nanoTime();
        for (int each = 0; each < count; each++) {
            free.acquire();
            kafka.ask(asked.getAndIncrement());
        }
        free.acquire(inFlight * 2);
        double wall = (System.nanoTime() - begin) / 1e9;
        double micros = (parts.schedulerCpuNanos() - cpu) / 1e3 / count;
        ThreadTimes spent = parts.schedulerThreads().since(threads);
        double compiling = spent.compiling() / 1e3 / count;
        double collecting = spent.collecting() / 1e3 / count;
        double brokerMicros = (parts.brokerCpuNanos() - brokerCpu) / 1e3 / count;
        figures.put("requests", count)
                .put("cpu_micros_per_request", micros)
                .put("broker_cpu_micros_per_request", brokerMicros)
                .put("of_it_compiling", compiling)
                .put("of_it_collecting_garbage", collecting)
                .put("requests_per_second", count / wall);
        byThread(figures, spent, count);
        System.out.printf(
                Locale.ROOT,
                "%d requests, %d under way: %.0f us of the scheduler's processor time each (compiling %.0f, collecting %.0f),"
                        + " %.0f a second; %.0f us of the broker's%n",
                count,
                inFlight * 2,
                micros,
                compiling,
                collecting,
                count / wall,
                brokerMicros);
    }

    private static void byThread(ObjectNode figures, ThreadTimes spent, int count) {
        ObjectNode byThread = figures.putObject("cpu_micros_by_thread");
        spent.nanos().entrySet().stream()
                .filter(each -> each.getValue() / 1e3 / count >= LEAST_SHOWN_MICROS)
                .forEach(each -> byThread.put(each.getKey(), each.getValue() / 1e3 / count));
    }

    private void rate(
            ObjectNode figures,
            int rate,
            ServiceParts parts,
            KafkaCaller kafka,
            KafkaCaller hop,
            ManagedChannel channel)
            throws InterruptedException, IOException {
        Files.createDirectories(out);
        int count = rate * seconds;
        Arrivals bare = new Arrivals(count);
        hop.onEnd(bare::end);
        double[] bareMillis = bare.run(rate, seed, hop::ask);
        Arrivals direct = new Arrivals(count);
        double[] directMillis = direct.run(rate, seed, number -> call(channel, number, direct));
        Arrivals through = new Arrivals(count);
        int first = asked.getAndAdd(count);
        kafka.onEnd(number -> through.end(number - first));
        Hops hops = new Hops(count);
        kafka.trace(hops, first);
        ThreadTimes threads = parts.schedulerThreads();
        long cpu = parts.schedulerCpuNanos();
        long brokerCpu = parts.brokerCpuNanos();
        double[] throughMillis = through.run(rate, seed, number -> {
            hops.due(number, through.due(number));
            kafka.ask(first + number);
        });
        double micros = (parts.schedulerCpuNanos() - cpu) / 1e3 / count;
        double brokerMicros = (parts.brokerCpuNanos() - brokerCpu) / 1e3 / count;
        ThreadTimes spent = parts.schedulerThreads().since(threads);
        double compiling = spent.compiling() / 1e3 / count;
        figures.put("scheduler_cpu_micros_per_request", micros)
                .put("of_it_compiling", compiling)
                .put("broker_cpu_micros_per_request", brokerMicros);
        byThread(figures, spent, count);
        System.out.printf(Locale.ROOT, "%d a second%24s%10s%10s%n", rate, "P50", "P99", "MEAN");
        line(figures, "agent alone", "agent", directMillis);
        line(figures, "one hop of the bare broker", "broker_hop", bareMillis);
        line(figures, "Kafka, scheduler, agent", "through_kafka", throughMillis);
        System.out.printf(
                Locale.ROOT,
                "    processor time per request: scheduler %.0f us (compiling %.0f), broker %.0f us%n",
                micros,
                compiling,
                brokerMicros);
        hops(figures.putObject("hops_through_kafka"), hops, throughMillis.length / 100);
        double added50 = quantile(throughMillis, .5) - quantile(directMillis, .5);
        double added99 = quantile(throughMillis, .99) - quantile(directMillis, .99);
        double own50 = added50 - 2 * quantile(bareMillis, .5);
        double own99 = added99 - 2 * quantile(bareMillis, .99);
        figures.put("added_to_agent_p50_ms", added50)
                .put("added_to_agent_p99_ms", added99)
                .put("added_to_agent_and_two_hops_p50_ms", own50)
                .put("added_to_agent_and_two_hops_p99_ms", own99);
        System.out.printf(
                Locale.ROOT,
                "added to the agent alone: P50 %.2f ms, P99 %.2f ms; beyond two bare hops: P50 %.2f ms, P99 %.2f ms%n",
                added50,
                added99,
                own50,
                own99);
    }

    private static void line(ObjectNode figures, String name, String key, double[] millis) {
        double mean = Arrays.stream(millis).average().orElse(0);
        figures.putObject(key)
                .put("p50_ms", quantile(millis, .5))
                .put("p99_ms", quantile(millis, .99))
                .put("mean_ms", mean)
                .put("n", millis.length);
        System.out.printf(
                Locale.ROOT, "  %-28s%8.2f%10.2f%10.2f ms%n", name, quantile(millis, .5), quantile(millis, .99), mean);
    }

    /** Says which hops the time went to, and which ones make the slowest hundredth slow. */
    private static void hops(ObjectNode figures, Hops hops, int slowest) {
        for (Hops.Hop hop : Hops.Hop.values()) {
            double[] millis = hops.millis(hop);
            double ofSlowest = hops.ofSlowest(hop, slowest);
            figures.putObject(hop.name().toLowerCase(Locale.ROOT))
                    .put("p50_ms", quantile(millis, .5))
                    .put("p99_ms", quantile(millis, .99))
                    .put("mean_of_slowest_hundredth_ms", ofSlowest);
            System.out.printf(
                    Locale.ROOT,
                    "    %-26s%8.2f%10.2f%10.2f ms in the slowest hundredth%n",
                    hop.words(),
                    quantile(millis, .5),
                    quantile(millis, .99),
                    ofSlowest);
        }
    }

    private static double quantile(double[] millis, double share) {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        return sorted[Math.min(sorted.length - 1, (int) (share * sorted.length))];
    }

    private static void call(ManagedChannel channel, int number, Arrivals arrivals) {
        AgentGrpc.newStub(channel)
                .generate(
                        GenerateRequest.newBuilder()
                                .setId("direct-" + number)
                                .setModel("tiny")
                                .setChat(ChatPrompt.newBuilder()
                                        .addMessages(ChatMessage.newBuilder()
                                                .setRole("user")
                                                .setContent("hi")))
                                .setSampling(Sampling.newBuilder().setMaxTokens(1))
                                .build(),
                        new StreamObserver<GenerateEvent>() {
                            @Override
                            public void onNext(GenerateEvent event) {}

                            @Override
                            public void onError(Throwable failure) {
                                throw new IllegalStateException(failure);
                            }

                            @Override
                            public void onCompleted() {
                                arrivals.end(number);
                            }
                        });
    }
}
