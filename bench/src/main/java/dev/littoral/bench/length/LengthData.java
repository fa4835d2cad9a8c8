package dev.littoral.bench.length;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Prompts and the lengths of models' answers, from a folder with {@code prompts.jsonl} and {@code lengths.csv}.
 *
 * @param prompts those that any model answered
 * @param models in the order in which the file names them
 * @param tokens per prompt and model, {@code NaN} where none is known
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record LengthData(List<Prompt> prompts, List<String> models, double[][] tokens) {

    private static final double CHARACTERS_PER_TOKEN = 4;

    /** One prompt. */
    record Prompt(String id, String text, double tokens) {}

    /**
     * Reads a folder.
     *
     * @throws IOException when a file is missing or a line is wrong; the message names it
     */
    static LengthData read(Path folder) throws IOException {
        Map<String, Prompt> prompts = prompts(folder.resolve("prompts.jsonl"));
        Path file = folder.resolve("lengths.csv");
        List<String> lines = Files.readAllLines(file);
        List<String> header = List.of(
                lines.isEmpty() ? new String[0] : lines.getFirst().strip().split(",", -1));
        int id = column(file, header, "prompt_id");
        int model = column(file, header, "model");
        int tokens = column(file, header, "output_tokens");
        Map<String, Integer> rows = new LinkedHashMap<>();
        Map<String, Integer> columns = new LinkedHashMap<>();
        List<double[]> cells = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            String[] fields = lines.get(i).strip().split(",", -1);
            if (fields.length != header.size() || !prompts.containsKey(fields[id])) {
                throw new IOException(file + " line " + (i + 1) + ": it wants " + header.size()
                        + " fields, and a prompt_id that prompts.jsonl has: " + lines.get(i));
            }
            cells.add(new double[] {
                rows.computeIfAbsent(fields[id], key -> rows.size()),
                columns.computeIfAbsent(fields[model], key -> columns.size()),
                number(file, i + 1, fields[tokens])
            });
        }
        if (cells.isEmpty()) {
            throw new IOException(file + " has no lengths");
        }
        double[][] table = new double[rows.size()][columns.size()];
        Arrays.stream(table).forEach(row -> Arrays.fill(row, Double.NaN));
        cells.forEach(cell -> table[(int) cell[0]][(int) cell[1]] = cell[2]);
        return new LengthData(rows.keySet().stream().map(prompts::get).toList(), List.copyOf(columns.keySet()), table);
    }

    /** Gives {@code log(1 + tokens)} of these prompts. */
    double[][] logLengths(int[] chosen) {
        return Arrays.stream(chosen)
                .mapToObj(i -> Arrays.stream(tokens[i]).map(Math::log1p).toArray())
                .toArray(double[][]::new);
    }

    int[] all() {
        return IntStream.range(0, prompts.size()).toArray();
    }

    private static Map<String, Prompt> prompts(Path file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        Map<String, Prompt> prompts = new HashMap<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            JsonNode line = json.readTree(lines.get(i));
            if (!line.hasNonNull("id") || !line.path("prompt").isTextual()) {
                throw new IOException(file + " line " + (i + 1) + ": it wants an id and a prompt");
            }
            String text = line.get("prompt").textValue();
            prompts.put(
                    line.get("id").asText(),
                    new Prompt(
                            line.get("id").asText(),
                            text,
                            line.path("prompt_tokens").asDouble(text.length() / CHARACTERS_PER_TOKEN)));
        }
        return prompts;
    }

    private static int column(Path file, List<String> header, String name) throws IOException {
        int column = header.indexOf(name);
        if (column < 0) {
            throw new IOException(file + ": its first line lacks the column " + name);
        }
        return column;
    }

    private static double number(Path file, int line, String field) throws IOException {
        try {
            double number = Double.parseDouble(field);
            if (number >= 0 && number < Double.POSITIVE_INFINITY) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IOException(file + " line " + line + ": output_tokens is no number: " + field, e);
        }
        throw new IOException(file + " line " + line + ": output_tokens must be 0 or more: " + field);
    }
}
