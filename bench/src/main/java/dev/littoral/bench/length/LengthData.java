package dev.littoral.bench.length;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.bench.files.BadInput;
import dev.littoral.bench.files.TextLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private static final String PROMPTS = "prompts.jsonl";
    private static final String LENGTHS = "lengths.csv";
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** One prompt. */
    record Prompt(String id, String text, double tokens) {}

    private record Answered(String prompt, String model) {}

    /**
     * Reads a folder.
     *
     * @throws BadInput when a file is missing or a line is wrong; the message names it
     * @throws IOException when a file cannot be read
     */
    static LengthData read(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new BadInput((Files.exists(folder) ? folder + " is not a folder" : folder + " is missing")
                    + ": name a folder with " + PROMPTS + " and " + LENGTHS);
        }
        for (String wanted : List.of(PROMPTS, LENGTHS)) {
            if (!Files.isRegularFile(folder.resolve(wanted))) {
                throw new BadInput(
                        folder + " has no " + wanted + ": name a folder with " + PROMPTS + " and " + LENGTHS);
            }
        }
        return lengths(folder.resolve(LENGTHS), prompts(folder.resolve(PROMPTS)));
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

    /** Counts the lengths of a model that are known. */
    int known(int model) {
        return (int)
                Arrays.stream(tokens).filter(row -> !Double.isNaN(row[model])).count();
    }

    private static LengthData lengths(Path file, Map<String, Prompt> prompts) throws IOException {
        List<String> lines = TextLines.read(file);
        List<String> header = fields(lines.isEmpty() ? "" : lines.getFirst());
        int id = column(file, header, "prompt_id");
        int model = column(file, header, "model");
        int tokens = column(file, header, "output_tokens");
        Map<String, Integer> rows = new LinkedHashMap<>();
        Map<String, Integer> columns = new LinkedHashMap<>();
        Map<Answered, Integer> seen = new HashMap<>();
        List<double[]> cells = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            String at = file + " line " + (i + 1) + ": ";
            List<String> fields = fields(lines.get(i));
            if (fields.size() != header.size()) {
                throw new BadInput(at + "it wants " + header.size() + " fields as the first line, and has "
                        + fields.size() + ": " + lines.get(i));
            }
            if (!prompts.containsKey(fields.get(id))) {
                throw new BadInput(at + "no prompt has the prompt_id \"" + fields.get(id) + "\": add it to " + PROMPTS
                        + " or remove the line");
            }
            if (fields.get(model).isEmpty()) {
                throw new BadInput(at + "model is empty: name it");
            }
            Optional<Integer> before =
                    Optional.ofNullable(seen.put(new Answered(fields.get(id), fields.get(model)), i + 1));
            if (before.isPresent()) {
                throw new BadInput(at + "prompt_id " + fields.get(id) + " and model " + fields.get(model)
                        + " have a length on line " + before.orElseThrow() + " already: keep one of them");
            }
            cells.add(new double[] {
                rows.computeIfAbsent(fields.get(id), key -> rows.size()),
                columns.computeIfAbsent(fields.get(model), key -> columns.size()),
                tokens(at, fields.get(tokens))
            });
        }
        if (cells.isEmpty()) {
            throw new BadInput(file + " has no lengths: add lines of " + String.join(",", header));
        }
        double[][] table = new double[rows.size()][columns.size()];
        Arrays.stream(table).forEach(row -> Arrays.fill(row, Double.NaN));
        cells.forEach(cell -> table[(int) cell[0]][(int) cell[1]] = cell[2]);
        return new LengthData(rows.keySet().stream().map(prompts::get).toList(), List.copyOf(columns.keySet()), table);
    }

    private static Map<String, Prompt> prompts(Path file) throws IOException {
        Map<String, Prompt> prompts = new HashMap<>();
        List<String> lines = TextLines.read(file);
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                String at = file + " line " + (i + 1) + ": ";
                Prompt prompt = prompt(at, lines.get(i));
                if (prompts.putIfAbsent(prompt.id(), prompt) != null) {
                    throw new BadInput(at + "id " + prompt.id() + " was given to an earlier prompt: give each its own");
                }
            }
        }
        return prompts;
    }

    private static Prompt prompt(String at, String text) {
        JsonNode line;
        try {
            line = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new BadInput(at + "not JSON: " + e.getOriginalMessage() + "; it wants one object a line", e);
        }
        if (!line.path("id").isTextual() && !line.path("id").isIntegralNumber()) {
            throw new BadInput(at + "it wants an id, a string or a whole number");
        }
        if (!line.path("prompt").isTextual()) {
            throw new BadInput(at + "it wants a prompt, a string");
        }
        String prompt = line.get("prompt").textValue();
        JsonNode tokens = line.path("prompt_tokens");
        if (!tokens.isMissingNode() && !tokens.isNull() && !(tokens.isNumber() && tokens.doubleValue() >= 0)) {
            throw new BadInput(at + "prompt_tokens must be a number, 0 or more: " + tokens);
        }
        return new Prompt(line.get("id").asText(), prompt, tokens.asDouble(prompt.length() / CHARACTERS_PER_TOKEN));
    }

    private static List<String> fields(String line) {
        return Arrays.stream(line.split(",", -1)).map(String::strip).toList();
    }

    private static int column(Path file, List<String> header, String name) {
        int column = header.indexOf(name);
        if (column < 0) {
            throw new BadInput(file + " line 1: the column " + name
                    + " is missing: it wants prompt_id, model and output_tokens, separated by commas");
        }
        return column;
    }

    private static double tokens(String at, String field) {
        double tokens;
        try {
            tokens = Double.parseDouble(field);
        } catch (NumberFormatException e) {
            throw new BadInput(at + "output_tokens is no number: \"" + field + "\"", e);
        }
        if (!(tokens >= 1 && tokens <= Integer.MAX_VALUE)) {
            throw new BadInput(at + "output_tokens must be 1 or more: " + field + "; remove answers without a token");
        }
        return tokens;
    }
}
