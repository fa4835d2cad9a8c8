package dev.littoral.sandbox.demo;

import dev.littoral.crds.StageStatus;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Takes the demo's figures, tells them and puts them into the report. */
final class Measurements {

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
        String agent = cluster.stages(model).stream()
                .filter(stage -> stage.index() == 0)
                .map(StageStatus::address)
                .findFirst()
                .orElseThrow(() -> DemoFailure.of(model + " has no address in its status"));
        try (Asker kafka = new KafkaAsker(broker);
                Asker direct = new AgentAsker(agent)) {
            Overhead overhead = Overhead.measure(kafka, direct, model, question.firstTokenOnly());
            console.say("one token, idle: %.1f ms through Kafka, %.1f ms straight to the agent (medians of %d)"
                    .formatted(overhead.throughMillis(), overhead.directMillis(), Overhead.ROUNDS));
            report.figure("one_token_through_kafka_ms", overhead.throughMillis());
            report.figure("one_token_straight_to_agent_ms", overhead.directMillis());
        }
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
