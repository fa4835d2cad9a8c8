package dev.littoral.scheduler.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * How the lines of a batch ended, appended to a file as they end, each counted once it is written. In memory is only
 * where in the file a line's end lies.
 */
final class BatchResults implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(BatchResults.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LINE = "line";
    private static final String STATUS = "status_code";
    private static final int OK = 200;

    private final RandomAccessFile file;
    /** By line: where its record begins. */
    private final long[] begins;
    /** By line: bytes of its record; 0 where there is none. */
    private final int[] bytes;

    private long end;
    private int completed;
    private int failed;

    /**
     * Opens what is there; a last record that was cut off is left out.
     *
     * @param lines requests of the batch
     */
    BatchResults(Path file, int lines) throws IOException {
        begins = new long[lines];
        bytes = new int[lines];
        this.file = new RandomAccessFile(file.toFile(), "rw");
        try (InputStream before = new BufferedInputStream(Files.newInputStream(file))) {
            ByteArrayOutputStream record = new ByteArrayOutputStream();
            for (int each = before.read(); each >= 0; each = before.read()) {
                record.write(each);
                if (each == '\n') {
                    found(record.toByteArray());
                    record.reset();
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            this.file.close();
            throw e;
        }
    }

    private void found(byte[] record) {
        try {
            JsonNode result = JSON.readTree(record);
            int line = result.path(LINE).asInt(-1);
            if (line >= 0 && line < bytes.length && !has(line)) {
                note(line, record.length, result.path(STATUS).asInt() == OK);
            }
        } catch (IOException e) {
            // its final is still on the topic
            LOG.warnf("a result of a batch is left out, for it cannot be read: %s", e.getMessage());
        }
        end += record.length;
    }

    private void note(int line, int length, boolean answered) {
        begins[line] = end;
        bytes[line] = length;
        if (answered) {
            completed++;
        } else {
            failed++;
        }
    }

    /** Notes a final; false when the line had ended already. */
    synchronized boolean add(int line, BatchAnswer answer) throws IOException {
        ObjectNode record = JSON.createObjectNode().put(LINE, line).put(STATUS, answer.statusCode());
        record.set("body", answer.payload());
        return append(line, record, answer.answered());
    }

    /** Notes that a line ends without having been run; false when it had ended already. */
    synchronized boolean refuse(int line, String code, String message) throws IOException {
        ObjectNode record = JSON.createObjectNode().put(LINE, line);
        record.set("error", error(code, message));
        return append(line, record, false);
    }

    private boolean append(int line, ObjectNode record, boolean answered) throws IOException {
        if (has(line)) {
            return false;
        }
        byte[] text = (record + "\n").getBytes(UTF_8);
        if (file.length() != end) {
            // what is left of a record that the disk had no room for
            file.setLength(end);
        }
        file.seek(end);
        file.write(text);
        note(line, text.length, answered);
        end += text.length;
        return true;
    }

    synchronized boolean has(int line) {
        return line < bytes.length && bytes[line] > 0;
    }

    synchronized int ended() {
        return completed + failed;
    }

    synchronized int completed() {
        return completed;
    }

    synchronized int failed() {
        return failed;
    }

    /**
     * Writes OpenAI's output and error files: what was answered, and all else, both in the order of the input.
     *
     * @param missing code and message of requests that have not ended
     */
    synchronized void write(String batch, Path input, Path output, Path errors, String missing, String message)
            throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(input);
                BufferedWriter good = Files.newBufferedWriter(output);
                BufferedWriter bad = Files.newBufferedWriter(errors)) {
            int number = 0;
            for (var line = BatchInput.next(lines); line.isPresent(); line = BatchInput.next(lines)) {
                ObjectNode entry = JSON.createObjectNode();
                entry.put("id", "batch_req_" + batch + "_" + number)
                        .put("custom_id", line.orElseThrow().customId());
                Optional<JsonNode> record = read(number);
                JsonNode status = record.map(each -> each.path(STATUS)).orElse(JSON.missingNode());
                if (status.isMissingNode()) {
                    entry.putNull("response");
                    entry.set("error", record.map(each -> each.path("error")).orElse(error(missing, message)));
                } else {
                    ObjectNode response = entry.putObject("response");
                    response.put(STATUS, status.asInt())
                            .put("request_id", batch + "/" + number)
                            .set("body", record.orElseThrow().path("body"));
                    entry.putNull("error");
                }
                (status.asInt() == OK ? good : bad).write(entry + "\n");
                number++;
            }
        }
    }

    private Optional<JsonNode> read(int line) throws IOException {
        if (!has(line)) {
            return Optional.empty();
        }
        byte[] record = new byte[bytes[line]];
        file.seek(begins[line]);
        file.readFully(record);
        return Optional.of(JSON.readTree(record));
    }

    private static ObjectNode error(String code, String message) {
        return JSON.createObjectNode().put("code", code).put("message", message);
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
