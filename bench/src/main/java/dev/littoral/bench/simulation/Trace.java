package dev.littoral.bench.simulation;

import dev.littoral.bench.files.BadInput;
import dev.littoral.bench.files.TextLines;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Requests in order of arrival.
 *
 * @param name for tables
 * @param arrivals at least two, not all at once
 */
record Trace(String name, List<Arrival> arrivals) {

    private static final String HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    Trace {
        arrivals = List.copyOf(arrivals);
        if (arrivals.size() < 2
                || !(arrivals.getLast().seconds() > arrivals.getFirst().seconds())) {
            throw new IllegalArgumentException(
                    "trace " + name + " needs two requests or more that do not all come at once");
        }
    }

    /**
     * Reads a trace in the columns of the Azure LLM inference trace.
     *
     * @throws BadInput when the file is missing or a line is wrong; the message names it
     * @throws IOException when the file cannot be read
     */
    static Trace read(Path file) throws IOException {
        List<String> lines = TextLines.read(file);
        String header = lines.isEmpty() ? "" : lines.getFirst().strip();
        if (!header.equals(HEADER)) {
            throw new BadInput(
                    file + " line 1: it must be " + HEADER + ", not " + (header.isEmpty() ? "empty" : header));
        }
        List<Arrival> arrivals = new ArrayList<>();
        Optional<LocalDateTime> first = Optional.empty();
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            String at = file + " line " + (i + 1) + ": ";
            String[] columns = lines.get(i).strip().split(",", -1);
            if (columns.length != 3) {
                throw new BadInput(at + "it wants the three columns " + HEADER + ": " + lines.get(i));
            }
            LocalDateTime time = time(at, columns[0].strip());
            double seconds = Duration.between(first.orElse(time), time).toNanos() / 1e9;
            if (seconds < (arrivals.isEmpty() ? 0 : arrivals.getLast().seconds())) {
                throw new BadInput(at + "TIMESTAMP is before that of the line above: sort the file by it");
            }
            arrivals.add(new Arrival(
                    seconds, tokens(at + "ContextTokens", columns[1]), tokens(at + "GeneratedTokens", columns[2])));
            first = first.or(() -> Optional.of(time));
        }
        if (arrivals.size() < 2 || !(arrivals.getLast().seconds() > 0)) {
            throw new BadInput(
                    file + ": it wants two requests or more that do not all come at once, and has " + arrivals.size());
        }
        return new Trace(file.getFileName().toString().replaceFirst("\\.csv$", ""), arrivals);
    }

    /** Draws a trace: Poisson arrivals whose rate swings by half, log-normal prompts and answers. */
    static Trace synthetic(long seed, int requests) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Arrival> arrivals = new ArrayList<>();
        double seconds = 0;
        for (int i = 0; i < requests; i++) {
            double rate = 1 + 0.5 * Math.sin(seconds / 60);
            seconds += -Math.log(1 - random.nextDouble()) / rate;
            arrivals.add(new Arrival(
                    seconds,
                    Math.ceil(Math.clamp(900 * Math.exp(0.9 * random.nextGaussian()), 1, 8000)),
                    Math.ceil(Math.clamp(120 * Math.exp(1.0 * random.nextGaussian()), 1, 2000))));
        }
        return new Trace("synthetic", arrivals);
    }

    /** Gives that many requests in a row from a place that the seed draws; all where there are no more. */
    Trace window(int requests, long seed) {
        if (requests >= arrivals.size()) {
            return this;
        }
        int first = new SplittableRandom(seed).nextInt(arrivals.size() - requests + 1);
        return new Trace(name, arrivals.subList(first, first + requests));
    }

    double meanPrompt() {
        return arrivals.stream().mapToDouble(Arrival::promptTokens).average().orElseThrow();
    }

    double meanAnswer() {
        return arrivals.stream().mapToDouble(Arrival::answerTokens).average().orElseThrow();
    }

    /** Stretches time so that requests come at this mean rate, the first at 0. */
    Trace atRate(double perSecond) {
        double begin = arrivals.getFirst().seconds();
        double factor = (arrivals.size() - 1) / perSecond / (arrivals.getLast().seconds() - begin);
        return new Trace(
                name,
                arrivals.stream()
                        .map(each -> new Arrival(
                                (each.seconds() - begin) * factor, each.promptTokens(), each.answerTokens()))
                        .toList());
    }

    private static LocalDateTime time(String at, String text) {
        try {
            int dot = text.indexOf('.');
            LocalDateTime whole = LocalDateTime.parse(dot < 0 ? text : text.substring(0, dot), TIME);
            return dot < 0 ? whole : whole.plusNanos(Math.round(Double.parseDouble("0" + text.substring(dot)) * 1e9));
        } catch (DateTimeParseException | NumberFormatException e) {
            throw new BadInput(at + "TIMESTAMP must be a time as 2023-11-16 18:15:46.6805900, not \"" + text + "\"", e);
        }
    }

    private static double tokens(String field, String text) {
        double tokens;
        try {
            tokens = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new BadInput(field + " is no number: \"" + text + "\"", e);
        }
        if (!(tokens >= 0 && tokens < 1e9)) {
            throw new BadInput(field + " must be 0 or more: " + text);
        }
        return Math.max(1, tokens);
    }
}
