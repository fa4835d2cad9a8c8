package dev.littoral.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program that cannot outlive this JVM, however this JVM ends. */
public final class GuardedProcess implements AutoCloseable {

    /**
     * A shell between us and the program reads a pipe that we hold open: when it closes, because we closed it or because
     * the kernel did after a crash, the program is killed. The data are thrown away with it, so nothing needs flushing.
     */
    private static final String GUARD = """
            exec 3<&0
            "$@" 3<&- </dev/null &
            program=$!
            { read -r _ <&3; kill -KILL "$program"; } 2>/dev/null &
            guard=$!
            trap 'kill -KILL "$program"' TERM INT
            wait "$program"
            status=$?
            kill "$guard" 2>/dev/null
            exit "$status"
            """;

    private final Process shell;
    private final Path log;

    private GuardedProcess(Process shell, Path log) {
        this.shell = shell;
        this.log = log;
    }

    /**
     * Starts a program.
     *
     * @param command the program and its arguments
     * @param log the file that takes stdout and stderr, replaced if it is there
     */
    public static GuardedProcess start(List<String> command, Path log) {
        List<String> guarded = new ArrayList<>(List.of("/bin/sh", "-c", GUARD, "guard"));
        guarded.addAll(command);
        try {
            Process shell = new ProcessBuilder(guarded)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            return new GuardedProcess(shell, log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.getFirst(), e);
        }
    }

    /** Says whether the program still runs. */
    public boolean isAlive() {
        return shell.isAlive();
    }

    /** Gives everything that the program wrote so far. */
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log, e);
        }
    }

    /** Gives the last lines that the program wrote. */
    public String lastLines(int count) {
        List<String> lines = output().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
    }

    /** Kills the program and waits until it is gone. */
    @Override
    public void close() {
        try {
            shell.getOutputStream().close();
            if (!shell.waitFor(10, TimeUnit.SECONDS)) {
                shell.descendants().forEach(ProcessHandle::destroyForcibly);
                shell.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
