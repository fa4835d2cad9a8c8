package dev.littoral.bench.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.bench.files.FigureFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Prints figures row by row with their goals, and keeps them in a file, where those of other rows stay. */
final class Table {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final ObjectNode figures;

    /** Goes on with what the file has. */
    Table(Path file) throws IOException {
        this.file = file;
        this.figures = Files.exists(file) && JSON.readTree(file.toFile()) instanceof ObjectNode known
                ? known
                : JSON.createObjectNode();
    }

    void heading(String text) {
        System.out.printf(Locale.ROOT, "%-44s%22s%22s%8s%18s%n", text, "littoral", "llama.cpp", "ratio", "goal");
    }

    ObjectNode figures() {
        return figures;
    }

    void rates(String name, Comparison rates, double atLeast) {
        row(name, rates.leftText(), rates.rightText(), rates.ratio(), "at least " + atLeast);
        ObjectNode json = figures.putObject(name);
        rates.put(json, "littoral_tokens_per_second", "llama_cpp_tokens_per_second");
        json.put("goal_at_least", atLeast);
    }

    void pieces(String name, Comparison rates, double atLeast) {
        row(name, rates.leftText(), rates.rightText(), rates.ratio(), "at least " + atLeast);
        ObjectNode json = figures.putObject(name);
        rates.put(json, "two_tokens_per_second", "one_tokens_per_second");
        json.put("goal_at_least", atLeast);
    }

    /** Compares with the time that reading the weights once per token takes at the speed of a copy. */
    void bound(String of, double rate, long tokenBytes, double bandwidth) {
        double share = rate * tokenBytes / bandwidth;
        row(
                "  bytes read, against a copy",
                gigabytes(rate * tokenBytes),
                gigabytes(bandwidth),
                share,
                "at least " + 0.8);
        figures.putObject(of + ", of the bandwidth bound")
                .put("bytes_per_token", tokenBytes)
                .put("copy_bandwidth_bytes_per_second", bandwidth)
                .put("ratio", share)
                .put("goal_at_least", 0.8);
    }

    void memory(String name, long ours, long theirs) {
        row(name, mebibytes(ours), mebibytes(theirs), (double) ours / theirs, "at most 1.15");
        figures.putObject(name)
                .put("littoral_bytes", ours)
                .put("llama_cpp_bytes", theirs)
                .put("ratio", (double) ours / theirs)
                .put("goal_at_most", 1.15);
    }

    /** Compares what a process took beside Java with what was promised. */
    void promise(String name, long taken, long promised) {
        row(name, mebibytes(taken), mebibytes(promised), (double) taken / promised, "0.9 to 1.1");
        figures.putObject(name)
                .put("taken_bytes", taken)
                .put("promised_bytes", promised)
                .put("ratio", (double) taken / promised)
                .put("goal_at_least", 0.9)
                .put("goal_at_most", 1.1);
    }

    /** Compares starts with a bound of one second. */
    void start(String name, List<Double> ready, List<Double> load) {
        double median = Comparison.median(ready);
        row(
                name,
                Comparison.text(ready, "%.2f (%.2f-%.2f) s"),
                Comparison.text(load, "%.2f (%.2f-%.2f) s"),
                median,
                "less than 1");
        ObjectNode json = figures.putObject(name);
        json.put("seconds", median).put("goal_less_than", 1);
        ready.forEach(json.putArray("seconds_from_start_of_process")::add);
        load.forEach(json.putArray("seconds_of_load")::add);
    }

    private static String gigabytes(double bytesPerSecond) {
        return String.format(Locale.ROOT, "%.1f GB/s", bytesPerSecond / 1e9);
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.0f MiB", bytes / 1048576.0);
    }

    private static void row(String name, String left, String right, double ratio, String goal) {
        System.out.printf(Locale.ROOT, "%-44s%22s%22s%7.2fx%18s%n", name, left, right, ratio, goal);
    }

    /** Keeps what there is so far. */
    void save() throws IOException {
        FigureFile.write(file, figures);
    }
}
