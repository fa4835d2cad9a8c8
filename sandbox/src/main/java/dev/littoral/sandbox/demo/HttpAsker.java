package dev.littoral.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Asks through {@code POST /v1/chat/completions} with {@code stream: true}, as any OpenAI client does. */
final class HttpAsker implements Asker {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI endpoint;

    HttpAsker(String baseUrl) {
        this.endpoint = URI.create(baseUrl + "/v1/chat/completions");
    }

    @Override
    public String name() {
        return "HTTP";
    }

    @Override
    public Answer ask(String model, Question question, Consumer<String> pieces) {
        ObjectNode body = Asker.body(model, question, true);
        HttpRequest request = HttpRequest.newBuilder(endpoint)
                .timeout(Duration.ofMinutes(1))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        long start = System.nanoTime();
        try {
            while (true) {
                HttpResponse<Stream<String>> response = http.send(request, HttpResponse.BodyHandlers.ofLines());
                try (Stream<String> lines = response.body()) {
                    if (response.statusCode() == 200) {
                        return read(lines.iterator(), question, start, pieces);
                    }
                    if (!mayTryAgain(response, start)) {
                        throw DemoFailure.of(
                                "HTTP %d: %s".formatted(response.statusCode(), String.join("", lines.toList())));
                    }
                }
                Thread.sleep(Duration.ofSeconds(1));
            }
        } catch (IOException e) {
            throw DemoFailure.of("the scheduler's HTTP endpoint failed: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DemoFailure.of("interrupted");
        }
    }

    /** A 503 with Retry-After is an invitation: between two plans no replica answers for a moment. */
    private static boolean mayTryAgain(HttpResponse<?> response, long start) {
        return response.statusCode() == 503
                && response.headers().firstValue("Retry-After").isPresent()
                && System.nanoTime() - start < PATIENCE.toNanos();
    }

    private static Answer read(Iterator<String> lines, Question question, long start, Consumer<String> pieces)
            throws IOException {
        StringBuilder text = new StringBuilder();
        double firstTokenMillis = 0;
        int tokens = 0;
        while (lines.hasNext()) {
            String line = lines.next();
            if (!line.startsWith("data:")) {
                continue;
            }
            String data = line.substring(5).strip();
            if (data.equals("[DONE]")) {
                double total = (System.nanoTime() - start) / 1e6;
                String whole = text.toString();
                return new Answer("HTTP", whole, tokens, firstTokenMillis, total, question.rightlyAnsweredBy(whole));
            }
            JsonNode chunk = JSON.readTree(data);
            if (chunk.has("error")) {
                throw DemoFailure.of("the answer broke off: " + chunk.get("error"));
            }
            String piece = chunk.at("/choices/0/delta/content").asText("");
            if (!piece.isEmpty() && text.isEmpty()) {
                firstTokenMillis = (System.nanoTime() - start) / 1e6;
            }
            text.append(piece);
            pieces.accept(piece);
            tokens = chunk.at("/usage/completion_tokens").asInt(tokens);
        }
        throw DemoFailure.of("the stream ended without [DONE]");
    }

    @Override
    public void close() {
        http.close();
    }
}
