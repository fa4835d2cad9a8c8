package dev.littoral.bench.length;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.algorithms.length.WarmData;
import dev.littoral.algorithms.length.WarmTraining;
import dev.littoral.scheduler.length.PromptEncoder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests of everyday kinds, written for this project with a guess at the answer's tokens: no model's answer was
 * measured, and no prompt is of a data set.
 */
final class ExampleRequests {

    private static final String FILE = "/length-examples.jsonl";

    /** The two that the encoder adds. */
    private static final int ADDED_PIECES = 2;

    private ExampleRequests() {}

    /**
     * Reads them.
     *
     * @throws IOException when the file is missing or a line is wrong
     */
    static List<WarmTraining.Guess> read(PromptEncoder encoder) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<WarmTraining.Guess> guesses = new ArrayList<>();
        try (InputStream stream = ExampleRequests.class.getResourceAsStream(FILE)) {
            if (stream == null) {
                throw new FileNotFoundException(FILE + " is not on the class path");
            }
            try (var lines = json.readerFor(JsonNode.class).<JsonNode>readValues(stream)) {
                while (lines.hasNextValue()) {
                    guesses.add(guess(encoder, lines.nextValue(), guesses.size() + 1));
                }
            }
        }
        return guesses;
    }

    private static WarmTraining.Guess guess(PromptEncoder encoder, JsonNode line, int number) throws IOException {
        if (!line.path("prompt").isTextual() || !line.path("tokens").isNumber()) {
            throw new IOException(FILE + " line " + number + ": it wants a prompt and tokens");
        }
        String prompt = line.get("prompt").textValue();
        return new WarmTraining.Guess(
                encoder.read(prompt, encoder.wordPieces(prompt) - ADDED_PIECES),
                WarmData.digest(prompt),
                line.get("tokens").doubleValue());
    }
}
