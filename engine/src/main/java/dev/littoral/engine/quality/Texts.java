package dev.littoral.engine.quality;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.engine.ChatTemplate;
import dev.littoral.engine.ChatTurn;
import dev.littoral.engine.Tokenizer;
import dev.littoral.engine.text.JinjaChatTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads questions and answers from JSON lines with {@code "prompt"} and, if there is one, {@code "answer"}.
 *
 * @param checkpoint whose chat template renders the prompt, if it has one
 * @param context most tokens of a text
 */
public record Texts(Path checkpoint, Tokenizer tokenizer, int context) {

    /**
     * Tokens of a text.
     *
     * @param prompt as it was asked
     * @param answer that is right; empty when there is none
     * @param firstMeasured index of the first token that is to be predicted, at least 1
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    public record Text(String prompt, String answer, int[] tokens, int firstMeasured) {}

    /**
     * Reads all.
     *
     * @throws IllegalArgumentException when a line is wrong or there is none
     */
    public List<Text> read(Path file) throws IOException {
        Optional<ChatTemplate> template = JinjaChatTemplate.open(checkpoint).map(opened -> opened);
        List<Text> texts = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int n = 1; n <= lines.size(); n++) {
            if (!lines.get(n - 1).isBlank()) {
                String where = "%s line %d".formatted(file, n);
                Text text = text(template, lines.get(n - 1), where);
                if (text.tokens().length > context) {
                    throw new IllegalArgumentException("%s: %d tokens, but the model's context is %d"
                            .formatted(where, text.tokens().length, context));
                }
                texts.add(text);
            }
        }
        if (texts.isEmpty()) {
            throw new IllegalArgumentException(file + " holds no prompt");
        }
        return texts;
    }

    private Text text(Optional<ChatTemplate> template, String line, String where) {
        JsonNode json = json(line, where);
        String prompt = json.path("prompt").asText();
        ChatTurn asked = new ChatTurn("user", prompt);
        Optional<String> rendered = template.map(opened -> opened.render(List.of(asked)));
        int[] question = rendered.map(tokenizer::encodeRendered).orElseGet(() -> tokenizer.encode(prompt));
        if (question.length < 2) {
            throw new IllegalArgumentException(where + ": the prompt is too short");
        }
        if (!json.path("answer").isTextual()) {
            return new Text(prompt, "", question, 1);
        }
        String answer = json.path("answer").textValue();
        IntStream stop = tokenizer.stopTokens().stream()
                .mapToInt(Integer::intValue)
                .sorted()
                .limit(1);
        String written = template.map(opened -> opened.render(List.of(asked, new ChatTurn("assistant", answer))))
                .map(both -> between(both, rendered.orElseThrow(), answer))
                .orElse(answer);
        int[] tokens = Stream.of(Arrays.stream(question), Arrays.stream(tokenizer.encodeRendered(written)), stop)
                .flatMapToInt(part -> part)
                .toArray();
        return new Text(prompt, answer, tokens, question.length);
    }

    /** Gives the answer with what the template puts before it, such as a space. */
    private static String between(String both, String question, String answer) {
        int end = both.indexOf(answer, question.length());
        return both.startsWith(question) && end >= 0
                ? both.substring(question.length(), end + answer.length())
                : answer;
    }

    private static JsonNode json(String line, String where) {
        try {
            JsonNode json = new ObjectMapper().readTree(line);
            if (json.path("prompt").isTextual()) {
                return json;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("%s is not JSON: %s".formatted(where, e.getOriginalMessage()), e);
        }
        throw new IllegalArgumentException(where + " has no text \"prompt\"");
    }
}
