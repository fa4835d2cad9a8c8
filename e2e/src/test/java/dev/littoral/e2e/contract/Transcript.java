package dev.littoral.e2e.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Holds a scenario: commands, and the answers that the real API server gave to them.
 *
 * <p>A line that starts with {@code "$ "} is a command, one with {@code "& "} one that runs beside those that follow,
 * with {@code "~ "} one that is repeated until it answers as expected, with {@code "# "} a comment on the next command. What stands below a command is its answer: stdout as it is, stderr
 * behind {@code "! "}, an exit status other than 0 behind {@code "? "}. Blank lines at the end of an answer do not count.
 *
 * @param name the file's name without its ending
 * @param steps the commands in their order
 */
record Transcript(String name, List<Step> steps) {

    private static final String ENDING = ".transcript";
    private static final Pattern COMMAND = Pattern.compile("[$&~] ");

    /** Reads all transcripts of a folder, in the order of their names. */
    static List<Transcript> readAll(Path folder) {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ENDING))
                    .sorted()
                    .map(Transcript::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    /** Writes the transcript into a folder, where it replaces the one of its name. */
    void write(Path folder) {
        String text = steps.stream().map(Step::transcribed).collect(Collectors.joining("\n"));
        try {
            Files.writeString(folder.resolve(name + ENDING), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Transcript read(Path file) {
        try {
            String name = file.getFileName().toString();
            return parse(name.substring(0, name.length() - ENDING.length()), Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    static Transcript parse(String name, List<String> lines) {
        List<Step> steps = new ArrayList<>();
        StringBuilder comment = new StringBuilder();
        List<String> answer = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("# ")) {
                comment.append(line).append('\n');
            } else if (COMMAND.matcher(line).lookingAt()) {
                finish(steps, answer);
                steps.add(step(comment.toString(), line));
                comment.setLength(0);
            } else if (!steps.isEmpty()) {
                answer.add(line);
            } else if (!line.isBlank()) {
                throw new IllegalArgumentException(name + ": an answer stands above the first command: " + line);
            }
        }
        finish(steps, answer);
        return new Transcript(name, List.copyOf(steps));
    }

    private static Step step(String comment, String line) {
        String command = line.substring(2);
        return switch (line.charAt(0)) {
            case '&' -> new Step.Watch(comment, command, "");
            case '~' -> new Step.Await(comment, command, "");
            default -> new Step.Run(comment, command, "");
        };
    }

    private static void finish(List<Step> steps, List<String> answer) {
        if (!steps.isEmpty()) {
            while (!answer.isEmpty() && answer.getLast().isBlank()) {
                answer.removeLast();
            }
            String text = answer.stream().map(line -> line + "\n").collect(Collectors.joining());
            steps.set(steps.size() - 1, steps.getLast().expecting(text));
            answer.clear();
        }
    }
}
