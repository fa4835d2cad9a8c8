package dev.littoral.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * A question whose answer can be checked; the model has not seen it in training.
 *
 * @param task what kind of question it is
 * @param prompt the question
 * @param answer the right answer
 * @param mostTokens where the answer is cut off; empty for the whole answer
 */
record Question(String task, String prompt, String answer, OptionalInt mostTokens) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static List<Question> load(Path file) {
        try {
            return Files.readAllLines(file).stream().map(Question::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the questions of " + file, e);
        }
    }

    /** Returns the same question with room for one token only. */
    Question firstTokenOnly() {
        return new Question(task, prompt, answer, OptionalInt.of(1));
    }

    boolean rightlyAnsweredBy(String text) {
        return text.strip().equals(answer.strip());
    }

    private static Question parse(String line) {
        try {
            JsonNode json = JSON.readTree(line);
            return new Question(
                    json.get("task").asText(),
                    json.get("prompt").asText(),
                    json.get("answer").asText(),
                    OptionalInt.empty());
        } catch (IOException e) {
            throw new UncheckedIOException("not a question: " + line, e);
        }
    }
}
