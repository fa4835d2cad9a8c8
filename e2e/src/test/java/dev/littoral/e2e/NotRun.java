package dev.littoral.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** Notes in {@code target/not-run.txt} what this machine could not run, one line {@code NOT RUN: <what>: <why>} each. */
public final class NotRun {

    private static final Path NOTES = Path.of("target/not-run.txt");

    private NotRun() {}

    /** Notes it and gives the exception that makes JUnit count the test as skipped. */
    public static TestAbortedException because(String what, String why) {
        String note = line(what) + why;
        System.out.println(note);
        rewrite(notes -> Stream.concat(notes.filter(old -> !old.startsWith(line(what))), Stream.of(note)));
        return new TestAbortedException(note);
    }

    /** Takes back what an earlier run may have noted, since it runs now. */
    public static void runs(String what) {
        rewrite(notes -> notes.filter(old -> !old.startsWith(line(what))));
    }

    private static String line(String what) {
        return "NOT RUN: " + what + ": ";
    }

    private static synchronized void rewrite(UnaryOperator<Stream<String>> change) {
        try {
            List<String> old = Files.exists(NOTES) ? Files.readAllLines(NOTES) : List.of();
            Files.createDirectories(NOTES.toAbsolutePath().getParent());
            List<String> notes = change.apply(old.stream()).toList();
            if (notes.isEmpty()) {
                Files.deleteIfExists(NOTES);
            } else {
                Files.write(NOTES, notes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + NOTES.toAbsolutePath(), e);
        }
    }
}
