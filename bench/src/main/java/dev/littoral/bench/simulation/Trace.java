package dev.littoral.bench.simulation;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
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

    /** Reads a trace in the columns of the Azure LLM inference trace. */
    static Trace read(Path file) throws IOException {
        List<Arrival> arrivals = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            String header = Optional.ofNullable(reader.readLine()).orElse("").strip();
            if (!header.equals(HEADER)) {
                throw new IllegalArgumentException(file + ": the first line must be " + HEADER + ", not " + header);
            }
            Optional<LocalDateTime> first = Optional.empty();
            int number = 1;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                String[] columns = line.strip().split(",", -1);
                if (columns.length != 3) {
                    throw new IllegalArgumentException(file + ":" + number + ": three columns expected: " + line);
                }
                try {
                    LocalDateTime time = time(columns[0]);
                    first = first.or(() -> Optional.of(time));
                    arrivals.add(new Arrival(
                            Duration.between(first.orElseThrow(), time).toNanos() / 1e9,
                            tokens(columns[1]),
                            tokens(columns[2])));
                } catch (DateTimeParseException | NumberFormatException e) {
                    throw new IllegalArgumentException(file + ":" + number + ": " + e.getMessage(), e);
                }
            }
        }
        arrivals.sort(Comparator.comparingDouble(Arrival::seconds));
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

    private static LocalDateTime time(String text) {
        int dot = text.indexOf('.');
        LocalDateTime whole = LocalDateTime.parse(dot < 0 ? text : text.substring(0, dot), TIME);
        return dot < 0 ? whole : whole.plusNanos(Math.round(Double.parseDouble("0" + text.substring(dot)) * 1e9));
    }

    private static double tokens(String text) {
        double tokens = Double.parseDouble(text);
        if (!(tokens >= 0 && tokens < 1e9)) {
            throw new NumberFormatException("tokens must be 0 or more: " + text);
        }
        return Math.max(1, tokens);
    }
}
