package dev.littoral.sources;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * How far a transfer is.
 *
 * @param step what is being done, such as {@code downloading hf://owner/name@main}
 * @param doneBytes that are here, those of an earlier attempt included
 * @param totalBytes of all files; 0 until it is known
 * @param bytesPerSecond of the last seconds; 0 until something came
 */
public record Transfer(String step, long doneBytes, long totalBytes, double bytesPerSecond) {

    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};

    /** Gives how long the rest takes at the present rate; empty while nothing comes. */
    public Optional<Duration> remaining() {
        return bytesPerSecond <= 0
                ? Optional.empty()
                : Optional.of(Duration.ofSeconds((long) Math.ceil((double) (totalBytes - doneBytes) / bytesPerSecond)));
    }

    /** Says it for people: what, bytes of how many, rate, and time that is left. */
    public String words() {
        if (totalBytes == 0) {
            return step;
        }
        String rate = bytesPerSecond > 0 ? ", " + bytes(bytesPerSecond) + "/s" : "";
        String left = remaining()
                .filter(time -> doneBytes < totalBytes)
                .map(time -> ", " + time(time) + " left")
                .orElse("");
        return step + ": " + bytes((double) doneBytes) + " of " + bytes((double) totalBytes) + rate + left;
    }

    /** Writes a number of bytes with its unit, such as {@code 1.5 GB}. */
    public static String bytes(double count) {
        double value = count;
        int unit = 0;
        while (value >= 1000 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return unit == 0 ? Math.round(value) + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    private static String time(Duration time) {
        long seconds = time.toSeconds();
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3600
                ? seconds / 60 + " min " + seconds % 60 + " s"
                : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }
}
