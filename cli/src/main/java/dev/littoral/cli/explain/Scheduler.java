package dev.littoral.cli.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Asks a running scheduler. */
record Scheduler(URI base) {

    private static final String ROUTES = "v1/littoral/routes";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MOST_BYTES = 16 << 20;

    /**
     * Takes an address such as {@code http://localhost:8080}.
     *
     * @throws IllegalArgumentException when it is none
     */
    static Scheduler at(String address) {
        if (!address.matches("https?://[^/?#\\s]+/?")) {
            throw new IllegalArgumentException(
                    "--scheduler %s is no address such as http://localhost:8080".formatted(address));
        }
        return new Scheduler(URI.create(address.endsWith("/") ? address : address + "/"));
    }

    /**
     * Gets {@code littoral.routes}.
     *
     * @param model of one deployment only
     * @throws SchedulerException when nobody answers, or not as a scheduler does
     */
    JsonNode routes(Optional<String> model) {
        URI uri = base.resolve(ROUTES
                + model.map(name -> "?model=" + URLEncoder.encode(name, StandardCharsets.UTF_8))
                        .orElse(""));
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpResponse<InputStream> response = client.send(
                    HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return routes(response.statusCode(), body.readNBytes(MOST_BYTES));
            }
        } catch (IOException e) {
            throw new SchedulerException(
                    "no scheduler answers at %s; name it by --scheduler or LITTORAL_SCHEDULER, in a cluster after kubectl port-forward"
                            .formatted(base),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SchedulerException("interrupted while " + base + " was asked", e);
        }
    }

    private JsonNode routes(int status, byte[] body) throws IOException {
        JsonNode told;
        try {
            told = new ObjectMapper().readTree(body);
        } catch (JsonProcessingException e) {
            throw new SchedulerException(
                    "%s answers with status %d and no JSON; is it a Littoral scheduler?".formatted(base, status), e);
        }
        if (status != 200 || !told.path("object").asText().equals("littoral.routes")) {
            throw new SchedulerException(
                    "%s answers with status %d and no routes; is it a Littoral scheduler of this version?"
                            .formatted(base, status));
        }
        return told;
    }
}
