package dev.littoral.sandbox.apiserver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.objects.Objects;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads the log of a pod from the file that its node named in an annotation. */
final class PodLogs {

    private static final String FILE = "sandbox.littoral.dev/log";
    private static final int MOST_BYTES = 4 << 20;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final int MOST_LOOKS = (int) Duration.ofMinutes(30).dividedBy(BETWEEN_LOOKS);

    private final Objects objects;

    PodLogs(Objects objects) {
        this.objects = objects;
    }

    Answer answer(Target target, ObjectNode pod, Call call) {
        refuseOtherContainer(pod, call.query("container"));
        String name = target.name();
        Path file = file(pod);
        if (file.toString().isEmpty()) {
            throw Refusal.badRequest("container in pod \"" + name + "\" is waiting to start: ContainerCreating");
        }
        long lines = call.number("tailLines").orElse(Long.MAX_VALUE);
        boolean follow = call.flag("follow");
        return Answer.text(out -> {
            if (Files.exists(file)) {
                try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
                    log.seek(beginning(log, lines));
                    copy(log, out);
                    if (follow) {
                        follow(log, file, target, out);
                    }
                }
            }
        });
    }

    private static Path file(JsonNode pod) {
        return Path.of(pod.at("/metadata/annotations").path(FILE).asText(""));
    }

    private static void refuseOtherContainer(ObjectNode pod, String container) {
        List<String> names = new ArrayList<>();
        pod.at("/spec/initContainers")
                .forEach(each -> names.add(each.path("name").asText()));
        pod.at("/spec/containers").forEach(each -> names.add(each.path("name").asText()));
        if (!container.isEmpty() && !names.contains(container)) {
            throw Refusal.badRequest("container " + container + " is not valid for pod "
                    + pod.at("/metadata/name").asText());
        }
    }

    /** Finds where the wanted lines begin: the last so many, and not more than are sent. */
    private static long beginning(RandomAccessFile log, long lines) throws IOException {
        long length = log.length();
        long earliest = Math.max(0, length - MOST_BYTES);
        if (lines == Long.MAX_VALUE) {
            return earliest;
        }
        byte[] bytes = new byte[(int) (length - earliest)];
        log.seek(earliest);
        log.readFully(bytes);
        long found = 0;
        for (int at = bytes.length - 1; at >= 0; at--) {
            boolean last = at == bytes.length - 1;
            if (bytes[at] == '\n' && (!last || lines == 0) && ++found >= Math.max(1, lines)) {
                return earliest + at + 1;
            }
        }
        return lines == 0 ? length : earliest;
    }

    private static void copy(RandomAccessFile log, OutputStream out) throws IOException {
        byte[] buffer = new byte[1 << 13];
        for (int read = log.read(buffer); read > 0; read = log.read(buffer)) {
            out.write(buffer, 0, read);
        }
        out.flush();
    }

    /** Sends what is added until the pod is gone or writes elsewhere, as it does after a restart. */
    private void follow(RandomAccessFile log, Path file, Target target, OutputStream out) throws IOException {
        try {
            for (int look = 0; look < MOST_LOOKS && writes(target, file); look++) {
                Thread.sleep(BETWEEN_LOOKS);
                copy(log, out);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean writes(Target target, Path file) {
        ResourceType type = target.type();
        try {
            ObjectNode pod = objects.get(type, target.namespace(), target.name());
            String phase = pod.at("/status/phase").asText("");
            return file(pod).equals(file) && !phase.equals("Succeeded") && !phase.equals("Failed");
        } catch (Refusal gone) {
            return false;
        }
    }
}
