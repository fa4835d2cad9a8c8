package dev.littoral.sandbox.demo;

import dev.littoral.crds.StageStatus;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Takes the demo's figures, tells them and puts them into the report. */
final class Measurements {

    private static final int HANG_UPS = 9;

    private final Console console;
    private final DemoReport report;

    Measurements(Console console, DemoReport report) {
        this.console = console;
        this.report = report;
    }

    /** Sums up the answers that came one way. */
    void answers(String via) {
        console.say("%s: first token after %.0f ms, then %.0f tokens/s (medians)"
                .formatted(via, median(via, Answer::firstTokenMillis), median(via, Answer::tokensPerSecond)));
    }

    /** Measures what Kafka and the scheduler add to a call that is made straight to an agent. */
    void kafka(ClusterView cluster, String broker, String model, Question question) {
        try (Asker kafka = new KafkaAsker(broker);
                Asker direct = new AgentAsker(firstAgent(cluster, model))) {
            Overhead overhead = Overhead.measure(kafka, direct, model, question.firstTokenOnly());
            console.say("one token, idle: %.1f ms through Kafka, %.1f ms straight to the agent (medians of %d)"
                    .formatted(overhead.throughMillis(), overhead.directMillis(), Overhead.ROUNDS));
            report.figure("one_token_through_kafka_ms", overhead.throughMillis());
            report.figure("one_token_straight_to_agent_ms", overhead.directMillis());
        }
    }

    /** Measures how soon an agent can take the next request after a client has hung up in the middle of an answer. */
    void hangUp(ClusterView cluster, String model, Question longAnswer) {
        try (AgentAsker agent = new AgentAsker(firstAgent(cluster, model))) {
            double[] millis = IntStream.range(0, HANG_UPS)
                    .mapToDouble(round -> agent.hangUp(model, longAnswer))
                    .sorted()
                    .toArray();
            console.say("a client that hangs up frees its slot after %.1f ms (median of %d, at most %.1f ms)"
                    .formatted(millis[HANG_UPS / 2], HANG_UPS, millis[HANG_UPS - 1]));
            report.figure("slot_free_after_hang_up_ms", millis[HANG_UPS / 2]);
            report.figure("slot_free_after_hang_up_most_ms", millis[HANG_UPS - 1]);
        }
    }

    private static String firstAgent(ClusterView cluster, String model) {
        return cluster.stages(model).stream()
                .filter(stage -> stage.index() == 0)
                .map(StageStatus::address)
                .findFirst()
                .orElseThrow(() -> DemoFailure.of(model + " has no address in its status"));
    }

    /** Tells how much memory every process holds. */
    void memory(Map<String, Long> residentBytes) {
        report.residentBytes(residentBytes);
        console.say("resident memory: %s; together %d MiB"
                .formatted(
                        residentBytes.entrySet().stream()
                                .map(entry -> "%s %d MiB".formatted(entry.getKey(), entry.getValue() >> 20))
                                .collect(Collectors.joining(", ")),
                        residentBytes.values().stream()
                                        .mapToLong(Long::longValue)
                                        .sum()
                                >> 20));
    }

    private double median(String via, ToDoubleFunction<Answer> figure) {
        double[] sorted = report.answers().stream()
                .filter(answer -> answer.via().equals(via))
                .mapToDouble(figure)
                .sorted()
                .toArray();
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }
}
