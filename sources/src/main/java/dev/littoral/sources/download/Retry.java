package dev.littoral.sources.download;

import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import dev.littoral.sources.SourceSettings.Limits;
import dev.littoral.sources.http.BusyException;
import dev.littoral.sources.http.OversizedException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/**
 * Tries again with pauses that double, each half of it drawn by chance so that agents do not come back all at once; a
 * server that names a time gets it, up to the longest pause.
 */
public final class Retry {

    /** What may fail for a while. */
    @FunctionalInterface
    public interface Attempt<T> {

        /** Tries it once. */
        T run() throws IOException;
    }

    private final Limits limits;

    /** Makes one with these bounds. */
    public Retry(Limits limits) {
        this.limits = limits;
    }

    /** Tries until it works; else as {@link #run(Attempt, BooleanSupplier)} without progress. */
    public <T> T run(Attempt<T> attempt) {
        return run(attempt, () -> false);
    }

    /**
     * Tries until it works.
     *
     * @param progressed says after a failure whether something came since the last one, so that attempts count anew
     * @throws SourceException of {@link Reason#SourceUnreachable} after the last attempt, or what an attempt threw
     */
    public <T> T run(Attempt<T> attempt, BooleanSupplier progressed) {
        int failures = 0;
        while (true) {
            try {
                return attempt.run();
            } catch (InterruptedIOException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new SourceException(Reason.SourceUnreachable, "interrupted: " + words(e), e);
                }
                failures = failed(e, progressed.getAsBoolean() ? 1 : failures + 1);
            } catch (OversizedException e) {
                throw new SourceException(Reason.SourceUnsafe, words(e), e);
            } catch (IOException e) {
                failures = failed(e, progressed.getAsBoolean() ? 1 : failures + 1);
            }
        }
    }

    private int failed(IOException e, int failures) {
        if (failures >= limits.attempts()) {
            throw new SourceException(
                    Reason.SourceUnreachable, words(e) + "; gave up after " + failures + " attempts", e);
        }
        try {
            Thread.sleep(pause(e, failures));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SourceException(Reason.SourceUnreachable, "interrupted after: " + words(e), e);
        }
        return failures;
    }

    private Duration pause(IOException e, int failures) {
        Duration longest = limits.longestPause();
        Duration doubled = limits.firstPause().multipliedBy(1L << Math.min(failures - 1, 20));
        Duration most = doubled.compareTo(longest) < 0 ? doubled : longest;
        long drawn = most.toMillis() / 2 + ThreadLocalRandom.current().nextLong(most.toMillis() / 2 + 1);
        Duration asked = e instanceof BusyException busy ? busy.retryAfter().orElse(Duration.ZERO) : Duration.ZERO;
        Duration own = Duration.ofMillis(drawn);
        Duration chosen = asked.compareTo(own) > 0 ? asked : own;
        return chosen.compareTo(longest) < 0 ? chosen : longest;
    }

    private static String words(IOException e) {
        return SourceException.shown(e.getMessage() == null ? e.toString() : e.getMessage());
    }
}
