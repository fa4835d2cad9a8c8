package dev.littoral.scheduler.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the lines of a batch's input, trusting none of them. */
final class BatchInput {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_FAULTS = 100;
    private static final int PIECE_BYTES = 1 << 16;
    private static final int MAX_ID_CHARACTERS = 512;

    /** What is wrong with a line, from 1. */
    record Fault(String code, String message, String param, int line) {}

    /** A sound line. */
    record Line(String customId, String body) {}

    /** The size of an input and what is wrong with it. */
    record Look(int requests, List<Fault> faults) {}

    private BatchInput() {}

    /** Finds lines that are longer than a request may be, without holding any of them. */
    static List<Fault> tooLong(InputStream input, int maxBytes) throws IOException {
        List<Fault> faults = new ArrayList<>();
        byte[] piece = new byte[PIECE_BYTES];
        int number = 0;
        long bytes = 0;
        boolean blank = true;
        for (int read = input.read(piece); read >= 0; read = input.read(piece)) {
            for (int each = 0; each < read; each++) {
                if (piece[each] == '\n' || piece[each] == '\r') {
                    bytes = 0;
                    blank = true;
                    continue;
                }
                if (blank && piece[each] != ' ' && piece[each] != '\t') {
                    blank = false;
                    number++;
                }
                bytes++;
                if (bytes == maxBytes + 1L && faults.size() < MOST_FAULTS) {
                    faults.add(new Fault(
                            "line_too_long",
                            "the line has more than " + maxBytes
                                    + " bytes, as many as a request may have (littoral.kafka.max-request-bytes)",
                            "",
                            Math.max(1, number)));
                }
            }
        }
        return List.copyOf(faults);
    }

    /** Looks over all lines, none of which may be {@link #tooLong}. */
    static Look look(BufferedReader input, String endpoint, int maxRequests) throws IOException {
        List<Fault> faults = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        int number = 0;
        for (String text = input.readLine(); text != null; text = input.readLine()) {
            if (text.isBlank()) {
                continue;
            }
            number++;
            if (number > maxRequests) {
                faults.add(new Fault(
                        "too_many_requests", "a batch may have at most " + maxRequests + " requests", "", number));
                break;
            }
            check(text, endpoint, number, ids, faults);
            if (faults.size() >= MOST_FAULTS) {
                break;
            }
        }
        if (number == 0) {
            faults.add(new Fault("empty_file", "the input has no requests: give one JSON object per line", "", 0));
        }
        return new Look(number, List.copyOf(faults));
    }

    private static void check(String text, String endpoint, int number, Set<String> ids, List<Fault> faults) {
        JsonNode line;
        try {
            line = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            faults.add(new Fault("invalid_json_line", "the line is not valid JSON", "", number));
            return;
        }
        String id = line.path("custom_id").asText();
        if (!line.path("custom_id").isTextual() || id.isEmpty() || id.length() > MAX_ID_CHARACTERS) {
            faults.add(new Fault("invalid_custom_id", "custom_id must be a text, not empty", "custom_id", number));
        } else if (!ids.add(id)) {
            faults.add(new Fault("duplicate_custom_id", "custom_id " + id + " came before", "custom_id", number));
        }
        if (!line.path("method").asText().equals("POST")) {
            faults.add(new Fault("invalid_method", "method must be POST", "method", number));
        }
        if (!line.path("url").asText().equals(endpoint)) {
            faults.add(new Fault("mismatched_url", "url must be the batch's endpoint, " + endpoint, "url", number));
        }
        if (!line.path("body").isObject()) {
            faults.add(new Fault("invalid_body", "body must be a JSON object", "body", number));
        }
    }

    /** Nobody reads the chunks of a batch. */
    private static String inOnePiece(JsonNode body) {
        if (body instanceof ObjectNode fields && !fields.has("stream") && !fields.has("stream_options")) {
            fields.put("stream", false);
        }
        return body.toString();
    }

    /** Reads the next line of an input that was found sound; empty at its end. */
    static Optional<Line> next(BufferedReader input) throws IOException {
        for (String text = input.readLine(); text != null; text = input.readLine()) {
            if (!text.isBlank()) {
                JsonNode line = JSON.readTree(text);
                return Optional.of(new Line(line.path("custom_id").asText(), inOnePiece(line.path("body"))));
            }
        }
        return Optional.empty();
    }
}
