package dev.littoral.scheduler.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** The finals of a batch, appended to a file as they come, and each counted once. */
final class BatchResults implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OK = 200;

    private final Path file;
    private final BufferedWriter writer;
    private final BitSet ended = new BitSet();
    private int completed;
    private int failed;

    /** Opens what is there; a last line that was cut off is left out. */
    BatchResults(Path file) throws IOException {
        this.file = file;
        StringBuilder whole = new StringBuilder();
        if (Files.exists(file)) {
            String text = Files.readString(file);
            whole.append(text, 0, text.lastIndexOf('\n') + 1);
            for (String line : whole.toString().lines().toList()) {
                count(JSON.readTree(line));
            }
        }
        Files.writeString(file, whole);
        writer = Files.newBufferedWriter(file, UTF_8, StandardOpenOption.APPEND);
    }

    private boolean count(JsonNode result) {
        int line = result.path("line").asInt();
        if (ended.get(line)) {
            return false;
        }
        ended.set(line);
        if (result.path("status_code").asInt() == OK) {
            completed++;
        } else {
            failed++;
        }
        return true;
    }

    /** Notes a final; false when it was there already. */
    synchronized boolean add(int line, byte[] finalResponse) throws IOException {
        JsonNode response = JSON.readTree(finalResponse);
        ObjectNode result = JSON.createObjectNode();
        result.put("line", line).put("status_code", response.path("status_code").asInt());
        result.set("body", response.path("payload"));
        if (!count(result)) {
            return false;
        }
        writer.write(result + "\n");
        writer.flush();
        return true;
    }

    synchronized boolean has(int line) {
        return ended.get(line);
    }

    synchronized int ended() {
        return ended.cardinality();
    }

    synchronized int completed() {
        return completed;
    }

    synchronized int failed() {
        return failed;
    }

    /**
     * Writes OpenAI's output and error files: what was answered, and all else.
     *
     * @param missing code and message of requests without a final
     */
    synchronized void write(String batch, Path input, Path output, Path errors, String missing, String message)
            throws IOException {
        Map<Integer, JsonNode> results = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode result = JSON.readTree(line);
            results.put(result.path("line").asInt(), result);
        }
        try (BufferedReader lines = Files.newBufferedReader(input);
                BufferedWriter good = Files.newBufferedWriter(output);
                BufferedWriter bad = Files.newBufferedWriter(errors)) {
            int number = 0;
            for (var line = BatchInput.next(lines); line.isPresent(); line = BatchInput.next(lines)) {
                ObjectNode entry = JSON.createObjectNode();
                entry.put("id", "batch_req_" + batch + "_" + number)
                        .put("custom_id", line.orElseThrow().customId());
                JsonNode result = results.get(number);
                if (result == null) {
                    entry.putNull("response");
                    entry.putObject("error").put("code", missing).put("message", message);
                } else {
                    ObjectNode response = entry.putObject("response");
                    response.put("status_code", result.path("status_code").asInt())
                            .put("request_id", batch + "/" + number)
                            .set("body", result.path("body"));
                    entry.putNull("error");
                }
                boolean answered = result != null && result.path("status_code").asInt() == OK;
                (answered ? good : bad).write(entry + "\n");
                number++;
            }
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
