package dev.littoral.sandbox.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Tells the demo's story on standard output, with the time that passes for whatever takes longer than a second. */
final class Console {

    private static final long POLL_MILLIS = 100;

    private final PrintStream out;
    private final boolean terminal = Optional.ofNullable(System.console())
            .filter(console -> console.isTerminal())
            .isPresent();
    private int steps;

    Console(PrintStream out) {
        this.out = out;
    }

    void step(String title) {
        steps++;
        out.printf("%n== %d. %s%n", steps, title);
        out.flush();
    }

    void say(String text) {
        out.println(text.indent(2).stripTrailing());
        out.flush();
    }

    /** Prints a piece of an answer as it comes. */
    void piece(String text) {
        out.print(text);
        out.flush();
    }

    void endLine(String text) {
        out.println(text);
        out.flush();
    }

    /** Waits for a value, polling; tells how it stands meanwhile. Throws {@link DemoFailure} when time is up. */
    <T> T await(String what, Duration limit, Supplier<Optional<T>> poll, Supplier<String> standing) {
        long start = System.nanoTime();
        long told = start;
        String before = "";
        while (true) {
            Optional<T> value = poll.get();
            long now = System.nanoTime();
            if (value.isPresent()) {
                clearLine();
                say("%s: %s".formatted(what, seconds(now - start)));
                return value.get();
            }
            if (now - start > limit.toNanos()) {
                clearLine();
                throw DemoFailure.of(
                        "%s did not happen within %d s; %s".formatted(what, limit.toSeconds(), standing.get()));
            }
            String current = standing.get();
            boolean due = terminal ? now - told > 200_000_000L : now - told > 1_000_000_000L && !current.equals(before);
            if (now - start > 1_000_000_000L && due) {
                told = now;
                before = current;
                progress("%s ... %s %s".formatted(what, seconds(now - start), current));
            }
            pause();
        }
    }

    /** Waits for a condition, as {@link #await}. */
    void awaitTrue(String what, Duration limit, BooleanSupplier condition, Supplier<String> standing) {
        await(what, limit, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty(), standing);
    }

    static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }

    private void progress(String text) {
        String oneLine = text.replace('\n', ' ');
        if (terminal) {
            out.print("\r\033[K  " + oneLine.substring(0, Math.min(oneLine.length(), 110)));
        } else {
            out.println("  " + oneLine);
        }
        out.flush();
    }

    private void clearLine() {
        if (terminal) {
            out.print("\r\033[K");
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DemoFailure.of("interrupted");
        }
    }
}
