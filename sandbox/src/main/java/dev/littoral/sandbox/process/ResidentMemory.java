package dev.littoral.sandbox.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Reads how much memory a process holds, where the operating system tells. */
public final class ResidentMemory {

    private ResidentMemory() {}

    /** Returns the resident bytes of a process; empty when it has ended or the system has no {@code /proc}. */
    public static OptionalLong bytes(long pid) {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst();
        } catch (IOException | RuntimeException ended) {
            return OptionalLong.empty();
        }
    }
}
