package dev.littoral.sandbox.apiserver.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.error.Refusal;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the log of a pod from the file that its node named in an annotation. */
final class PodLogs {

    private static final String FILE = "sandbox.littoral.dev/log";
    private static final int MOST_BYTES = 4 << 20;

    private PodLogs() {}

    static Answer answer(ObjectNode pod, Call call) {
        String name = pod.at("/metadata/name").asText();
        String file = pod.at("/metadata/annotations").path(FILE).asText("");
        if (file.isEmpty()) {
            throw Refusal.badRequest("container in pod \"" + name + "\" is waiting to start: ContainerCreating");
        }
        if (call.flag("follow")) {
            throw Refusal.badRequest("this server does not follow logs: leave out -f, or follow the file " + file);
        }
        try {
            String text = end(Path.of(file));
            long lines = call.number("tailLines").orElse(Long.MAX_VALUE);
            return Answer.text(200, last(text, lines));
        } catch (IOException e) {
            throw Refusal.internal("cannot read the log of pod " + name + ": " + e.getMessage());
        }
    }

    private static String end(Path file) throws IOException {
        if (!Files.exists(file)) {
            return "";
        }
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            long length = log.length();
            log.seek(Math.max(0, length - MOST_BYTES));
            byte[] bytes = new byte[(int) Math.min(length, MOST_BYTES)];
            log.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private static String last(String text, long lines) {
        List<String> all = new ArrayList<>(text.lines().toList());
        if (all.size() <= lines) {
            return text;
        }
        return String.join("\n", all.subList(all.size() - (int) lines, all.size())) + "\n";
    }
}
