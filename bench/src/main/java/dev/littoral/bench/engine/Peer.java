package dev.littoral.bench.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A process that runs one of the things compared: one line of JSON in, one line of JSON out. */
final class Peer implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final Process process;
    private final BufferedWriter questions;
    private final BufferedReader answers;
    private final Path log;
    private JsonNode ready = JSON.createObjectNode();

    private Peer(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.questions = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.log = log;
    }

    /** Starts the command and waits until it says that it is ready. */
    static Peer start(String name, List<String> command, Map<String, String> environment, Path log) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        Peer peer = new Peer(name, process, log);
        peer.ready = peer.answer();
        return peer;
    }

    /** Gives what the process said when it was ready. */
    JsonNode ready() {
        return ready;
    }

    /** Asks for one measurement and waits for its figures. */
    JsonNode ask(ObjectNode question) {
        try {
            questions.write(JSON.writeValueAsString(question));
            questions.newLine();
            questions.flush();
            return answer();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " does not listen any more; see " + log, e);
        }
    }

    private JsonNode answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException(name + " ended; see " + log);
        }
        return JSON.readTree(line);
    }

    /** Returns the bytes of memory that the process holds, pages of mapped files included. */
    long residentBytes() {
        return ResidentMemory.of("" + process.pid());
    }

    @Override
    public void close() throws IOException {
        try {
            questions.close();
        } finally {
            process.destroy();
            process.onExit().join();
        }
    }
}
