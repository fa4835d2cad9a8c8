package dev.littoral.bench.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bytes of memory that a process holds, pages of mapped files included, as Linux counts them. */
final class ResidentMemory {

    private ResidentMemory() {}

    /** Asks for the process that asks. */
    static long ofThis() {
        return of("self");
    }

    /** Asks for a process by its number. */
    static long of(String process) {
        try {
            return Files.readString(Path.of("/proc", process, "status"))
                    .lines()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
