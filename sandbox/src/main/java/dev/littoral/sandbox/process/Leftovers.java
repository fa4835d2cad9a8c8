package dev.littoral.sandbox.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a run that crashed has left: each run writes its processes down, and the next one ends those that still live and
 * removes the run's folder.
 */
public final class Leftovers {

    private static final String FILE = "processes";

    private Leftovers() {}

    /** Writes a process of a run down: its id and when it started, which tells it from a later one of the same id. */
    public static synchronized void note(Path run, ProcessHandle process) throws IOException {
        Files.writeString(
                run.resolve(FILE),
                process.pid() + " " + started(process).map(Instant::toString).orElse("-") + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** Clears the runs below {@code runs} whose own process, noted first, has ended. */
    public static void clear(Path runs) throws IOException {
        try (Stream<Path> folders = Files.list(runs)) {
            for (Path run : folders.filter(Files::isDirectory).toList()) {
                clearRun(run);
            }
        }
    }

    private static void clearRun(Path run) throws IOException {
        Path file = run.resolve(FILE);
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        if (!lines.isEmpty() && living(lines.getFirst()).isPresent()) {
            return;
        }
        lines.stream().map(Leftovers::living).flatMap(Optional::stream).forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
        delete(run);
    }

    private static Optional<ProcessHandle> living(String line) {
        String[] words = line.split(" ", 2);
        return ProcessHandle.of(Long.parseLong(words[0]))
                .filter(ProcessHandle::isAlive)
                .filter(process ->
                        started(process).map(Instant::toString).orElse("-").equals(words[1]));
    }

    private static Optional<Instant> started(ProcessHandle process) {
        return process.info().startInstant();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
