package dev.littoral.sandbox.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Collects the demo's figures for {@code bench/results/demo.json}. */
final class DemoReport {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final ObjectNode figures = JSON.createObjectNode();
    private final List<Answer> answers = new ArrayList<>();

    void figure(String name, double value) {
        figures.put(name, Math.round(value * 1000) / 1000.0);
    }

    void answer(Answer answer) {
        answers.add(answer);
    }

    List<Answer> answers() {
        return List.copyOf(answers);
    }

    void residentBytes(Map<String, Long> bytes) {
        ObjectNode processes = figures.putObject("resident_mebibytes");
        bytes.forEach((name, value) -> processes.put(name.replaceAll("agent-\\d+", "agent"), value >> 20));
        figure(
                "resident_mebibytes_total",
                bytes.values().stream().mapToDouble(value -> value / 1048576.0).sum());
    }

    void write(Path file) throws IOException {
        ArrayNode list = figures.putArray("answers");
        for (Answer answer : answers) {
            list.addObject()
                    .put("via", answer.via())
                    .put("tokens", answer.tokens())
                    .put("first_token_ms", Math.round(answer.firstTokenMillis()))
                    .put("tokens_per_second", Math.round(answer.tokensPerSecond()))
                    .put("right", answer.right());
        }
        Files.createDirectories(file.getParent());
        Files.writeString(file, JSON.writeValueAsString(figures) + "\n");
    }
}
