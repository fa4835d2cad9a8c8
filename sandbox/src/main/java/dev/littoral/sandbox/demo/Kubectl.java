package dev.littoral.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Shows resources as {@code kubectl get} does: by the user's kubectl, or from the API server's tables without one. */
final class Kubectl {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String API = "/apis/littoral.dev/v1alpha1/namespaces/default/";
    private static final List<String> KINDS =
            List.of("languagemodels", "quantizationvariants", "devicepools", "modeldeployments");

    private final Path kubeconfig;
    private final URI server;
    private final Optional<String> program;

    Kubectl(Path kubeconfig, URI server) {
        this.kubeconfig = kubeconfig;
        this.server = server;
        this.program = find();
    }

    /** Returns the title that tells who is asked. */
    String title() {
        return program.map(found -> "$ kubectl get lm,qv,dp,md")
                .orElse("(no kubectl on the path: the tables that kubectl get lm,qv,dp,md would print)");
    }

    /** Returns the four kinds' tables. */
    String getAll() {
        return program.map(this::run).orElseGet(this::tables).stripTrailing();
    }

    private static Optional<String> find() {
        return Arrays.stream(
                        Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder).resolve("kubectl"))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    private String run(String kubectl) {
        try {
            Process process = new ProcessBuilder(kubectl, "--kubeconfig", kubeconfig.toString(), "get", "lm,qv,dp,md")
                    .redirectErrorStream(true)
                    .start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw DemoFailure.of("kubectl get failed: " + output);
            }
            return output;
        } catch (IOException e) {
            throw DemoFailure.of("kubectl does not run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DemoFailure.of("interrupted");
        }
    }

    private String tables() {
        StringBuilder text = new StringBuilder();
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (String kind : KINDS) {
                HttpRequest request = HttpRequest.newBuilder(server.resolve(API + kind))
                        .header("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                        .build();
                JsonNode table = JSON.readTree(
                        http.send(request, HttpResponse.BodyHandlers.ofString()).body());
                text.append(aligned(table)).append('\n');
            }
        } catch (IOException e) {
            throw DemoFailure.of("the API server gives no tables: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DemoFailure.of("interrupted");
        }
        return text.toString();
    }

    private static String aligned(JsonNode table) {
        List<Integer> shown = new ArrayList<>();
        List<List<String>> lines = new ArrayList<>(List.of(new ArrayList<>()));
        for (int i = 0; i < table.path("columnDefinitions").size(); i++) {
            JsonNode column = table.path("columnDefinitions").get(i);
            if (column.path("priority").asInt() == 0) {
                shown.add(i);
                lines.getFirst().add(column.path("name").asText().toUpperCase(java.util.Locale.ROOT));
            }
        }
        for (JsonNode row : table.path("rows")) {
            lines.add(shown.stream()
                    .map(i -> row.path("cells").path(i).asText(""))
                    .toList());
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            for (int i = 0; i < line.size(); i++) {
                int column = i;
                int width = lines.stream()
                        .mapToInt(l -> l.get(column).length())
                        .max()
                        .orElse(0);
                text.append(line.get(i)).append(" ".repeat(width - line.get(i).length() + 3));
            }
            text.append('\n');
        }
        return text.toString();
    }
}
