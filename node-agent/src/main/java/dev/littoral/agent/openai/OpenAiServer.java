package dev.littoral.agent.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.agent.settings.ForwardSettings;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Speaks HTTP with the server; follows no redirect and uses no proxy, since the server is a neighbour. */
final class OpenAiServer implements AutoCloseable {

    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(3);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
    private static final int MOST_ANSWER_BYTES = 1 << 20;
    private static final int MOST_PROMPT_TOKENS = 1 << 24;

    private final ForwardSettings.Server settings;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_WITHIN)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();

    OpenAiServer(ForwardSettings.Server settings) {
        this.settings = settings;
    }

    /** Sends a request; what comes of it is seen in the stream. */
    ServerStream send(RequestJson request) {
        HttpRequest post = request(request.path())
                .header("Content-Type", "application/json")
                .header("Accept", "text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(request.body()))
                .build();
        return new ServerStream(http.sendAsync(post, BodyHandlers.ofPublisher()));
    }

    /**
     * Asks the server how it is. Servers without {@code /health} answer something else than 200, which shows that they
     * live.
     *
     * @throws io.grpc.StatusRuntimeException when it does not answer or says that it cannot serve
     */
    void checkHealth() throws InterruptedException {
        HttpResponse<String> answer = get("/health");
        if (answer.statusCode() >= 500) {
            throw ServerErrors.of(answer.statusCode(), answer.body(), Optional.empty());
        }
    }

    /**
     * Lists the models that the server has.
     *
     * @throws io.grpc.StatusRuntimeException when it does not answer, refuses the key, or lists none
     */
    Set<String> models() throws InterruptedException {
        HttpResponse<String> answer = get("/v1/models");
        if (answer.statusCode() != 200) {
            throw ServerErrors.of(answer.statusCode(), answer.body(), Optional.empty());
        }
        JsonNode data = ServerJson.read(answer.body())
                .map(node -> node.path("data"))
                .filter(JsonNode::isArray)
                .orElseThrow(() -> ServerErrors.lied("lists no models at /v1/models"));
        Set<String> names = new HashSet<>();
        data.forEach(model -> names.add(model.path("id").asText()));
        return names;
    }

    /**
     * Sends a request that is not streamed and gives how many tokens its prompt has.
     *
     * @return empty when the server does not tell
     */
    OptionalInt promptTokens(RequestJson request, Duration limit) throws InterruptedException {
        HttpRequest.Builder post = request(request.path())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(request.body()));
        return ServerJson.read(whole(post.build(), limit).body())
                .map(answer -> ServerJson.count(answer.path("usage").path("prompt_tokens"), MOST_PROMPT_TOKENS))
                .orElse(OptionalInt.empty());
    }

    /**
     * Asks how many tokens the server's cache holds over all requests, as servers tell that share one among them.
     *
     * @return 0 when it does not tell
     */
    long cacheTokens() throws InterruptedException {
        try {
            HttpResponse<String> answer = get("/metrics");
            return answer.statusCode() == 200 ? CacheSize.tokens(answer.body()) : 0;
        } catch (StatusRuntimeException e) {
            return 0;
        }
    }

    private HttpResponse<String> get(String path) throws InterruptedException {
        return whole(request(path).GET().build(), ANSWER_WITHIN);
    }

    private HttpResponse<String> whole(HttpRequest request, Duration limit) throws InterruptedException {
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(
                request, BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), MOST_ANSWER_BYTES));
        try {
            return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw ServerErrors.away("the server did not answer " + shown(request) + " within " + limit);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String words = cause instanceof IOException && cause.getMessage() != null
                    ? cause.getMessage()
                    : cause.getClass().getSimpleName();
            throw ServerErrors.away(shown(request) + " failed: " + words);
        } finally {
            answer.cancel(true);
        }
    }

    private static String shown(HttpRequest request) {
        return request.method() + " " + request.uri();
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        settings.apiKey().ifPresent(key -> request.header("Authorization", "Bearer " + key.value()));
        return request;
    }

    private URI uri(String path) {
        return URI.create(settings.root() + path);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
