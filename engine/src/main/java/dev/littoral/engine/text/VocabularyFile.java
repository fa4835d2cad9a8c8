package dev.littoral.engine.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.checkpoint.CheckpointException.Reason;
import dev.littoral.engine.json.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Reads from tokenizer.json which bytes each token adds to an answer, without holding the rest of the file. */
public final class VocabularyFile {

    /** Most tokens that are read; the largest known vocabularies have a fourth of it. */
    private static final int MOST_TOKENS = 1 << 20;

    private static final long MOST_BYTES = 64 << 20;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path file;
    private final Map<Integer, String> words = new HashMap<>();
    private final Map<Integer, String> added = new HashMap<>();
    private final Set<Integer> silent;
    private JsonNode decoder = MissingNode.getInstance();

    private VocabularyFile(Path file, Set<Integer> silent) {
        this.file = file;
        this.silent = new HashSet<>(silent);
    }

    /**
     * Reads the tokens of a checkpoint; special ones and those that end an answer are no text.
     *
     * @throws CheckpointException when the file is missing or wrong, or when a token's text depends on its neighbours
     */
    public static Vocabulary read(Path checkpoint) {
        Path file = checkpoint.resolve("tokenizer.json");
        var read = new VocabularyFile(file, DjlTokenizer.stopTokens(checkpoint));
        read.requireSmall();
        try (JsonParser parser = new JsonFactory().createParser(Files.newBufferedReader(file))) {
            read.whole(parser);
        } catch (IOException e) {
            throw read.invalid("", "it cannot be read: " + e.getMessage());
        }
        return read.vocabulary();
    }

    private void requireSmall() {
        require(file.toFile().length() <= MOST_BYTES, "", "it is larger than 64 MiB; no checkpoint needs that");
    }

    private void whole(JsonParser parser) throws IOException {
        require(parser.nextToken() == JsonToken.START_OBJECT, "", "it is no JSON object");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (field) {
                case "model" -> model(parser, value);
                case "added_tokens" -> addedTokens(MAPPER.readTree(parser));
                case "decoder" -> decoder = MAPPER.readTree(parser);
                default -> parser.skipChildren();
            }
        }
    }

    private void model(JsonParser parser, JsonToken begin) throws IOException {
        require(begin == JsonToken.START_OBJECT, "model", "it is no object");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals("vocab") && value == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String word = parser.currentName();
                    require(parser.nextToken() == JsonToken.VALUE_NUMBER_INT, "model.vocab", "a number is none");
                    words.put(number(parser.getIntValue(), "model.vocab"), word);
                }
            } else if (field.equals("vocab") && value == JsonToken.START_ARRAY) {
                for (int token = 0; parser.nextToken() == JsonToken.START_ARRAY; token++) {
                    require(parser.nextToken() == JsonToken.VALUE_STRING, "model.vocab", "a word is no text");
                    words.put(number(token, "model.vocab"), parser.getText());
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        require(parser.currentToken() != null, "model.vocab", "it ends too early");
                        parser.skipChildren();
                    }
                }
            } else {
                parser.skipChildren();
            }
        }
    }

    private void addedTokens(JsonNode tokens) {
        for (JsonNode token : tokens) {
            int id = number(token.path("id").asInt(-1), "added_tokens");
            added.put(id, token.path("content").asText());
            if (token.path("special").asBoolean()) {
                silent.add(id);
            }
        }
    }

    private Vocabulary vocabulary() {
        words.putAll(added);
        require(!words.isEmpty(), "model.vocab", "it has no tokens");
        TokenDecoder decode = TokenDecoder.of(decoder)
                .orElseThrow(() -> invalid(
                        "decoder", "the bytes of one token are not known with it, which answers of a form need"));
        List<byte[]> bytes = IntStream.rangeClosed(0, Collections.max(words.keySet()))
                .mapToObj(token -> silent.contains(token) ? new byte[0] : decode.bytes(words.getOrDefault(token, "")))
                .toList();
        return Vocabulary.of(bytes);
    }

    private int number(int token, String field) {
        require(token >= 0 && token < MOST_TOKENS, field, "a token's number is not from 0 to " + (MOST_TOKENS - 1));
        return token;
    }

    private void require(boolean holds, String field, String problem) {
        if (!holds) {
            throw invalid(field, problem);
        }
    }

    private CheckpointException invalid(String field, String problem) {
        return new CheckpointException(Reason.ConfigInvalid, file.toString(), field, problem);
    }
}
