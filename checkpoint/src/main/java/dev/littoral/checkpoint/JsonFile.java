package dev.littoral.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.checkpoint.CheckpointException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A JSON object in a file of a checkpoint; its fields are read with their bounds checked. */
public final class JsonFile {

    /** Files of tokenizers, which are read piece by piece, have up to 34 MB. */
    private static final long MOST_PIECEWISE_BYTES = 64 << 20;

    /** The largest that is known, a tokenizer_config.json with 65,000 added tokens, has 12 MB. */
    private static final long MOST_BYTES = 16 << 20;

    private static final long MOST_TEXT_BYTES = 1 << 20;

    /** Values of one file that are kept; known ones have a few thousand. */
    private static final int MOST_VALUES = 100_000;

    /** Says again what tokenizer.json does, and grows with the vocabulary. */
    private static final String NOT_KEPT = "added_tokens_decoder";

    private static final int MOST_SHOWN = 60;

    private final String file;
    private final ObjectNode root;

    private JsonFile(String file, ObjectNode root) {
        this.file = file;
        this.root = root;
    }

    /** Reads config.json, which must be there. */
    static JsonFile config(Path checkpoint) {
        return require(checkpoint, "config.json");
    }

    /**
     * Reads a file of the folder.
     *
     * @throws CheckpointException when it is missing or no JSON object
     */
    public static JsonFile require(Path checkpoint, String name) {
        requireFolder(checkpoint);
        return find(checkpoint, name).orElseThrow(() -> missing(checkpoint.resolve(name)));
    }

    /**
     * Gives the path of a file that is read in another way.
     *
     * @throws CheckpointException when it is missing or too large
     */
    public static Path requireFile(Path checkpoint, String name) {
        requireFolder(checkpoint);
        Path path = checkpoint.resolve(name);
        if (!Files.isRegularFile(path)) {
            throw missing(path);
        }
        requireSmall(path, MOST_PIECEWISE_BYTES);
        return path;
    }

    private static CheckpointException missing(Path path) {
        return new CheckpointException(
                Reason.ConfigMissing,
                path.toString(),
                "",
                "there is no such file; point to a folder in Hugging Face layout");
    }

    private static void requireSmall(Path path, long most) {
        long bytes = path.toFile().length();
        if (bytes > most) {
            throw invalid(
                    path.toString(),
                    "",
                    "it has %,d bytes, of which at most %,d are read; no checkpoint needs that".formatted(bytes, most));
        }
    }

    /**
     * Reads a file of the folder, empty when it is not there. Of {@code added_tokens_decoder} only that it is there is kept.
     *
     * @throws CheckpointException when it is no JSON object, or larger than is read
     */
    public static Optional<JsonFile> find(Path checkpoint, String name) {
        Path path = checkpoint.resolve(name);
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        requireSmall(path, MOST_BYTES);
        try (InputStream utf8 = Files.newInputStream(path)) {
            return Optional.of(parse(path.toString(), utf8));
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /**
     * Reads a file of the folder as text, empty when it is not there.
     *
     * @throws CheckpointException when it is no UTF-8, or larger than is read
     */
    public static Optional<String> text(Path checkpoint, String name) {
        Path path = checkpoint.resolve(name);
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        requireSmall(path, MOST_TEXT_BYTES);
        try {
            return Optional.of(Files.readString(path));
        } catch (CharacterCodingException e) {
            throw invalid(path.toString(), "", "it is not valid UTF-8; fetch the file again, or save it as UTF-8");
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static CheckpointException unreadable(Path path, IOException e) {
        return invalid(path.toString(), "", "it cannot be read (" + e + "); check its permissions");
    }

    private static JsonFile parse(String file, InputStream utf8) throws IOException {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        BoundedParser[] bounded = new BoundedParser[1];
        new JsonFields(file, Reason.ConfigInvalid).read(utf8, (name, value) -> {
            if (root.has(name)) {
                throw invalid(file, name, "Duplicate field '" + name + "'; fetch the file again");
            }
            if (name.equals(NOT_KEPT)) {
                root.putObject(name);
                return;
            }
            if (bounded[0] == null) {
                bounded[0] = new BoundedParser(value, MOST_VALUES);
            }
            root.set(name, JsonFields.tree(bounded[0]));
        });
        return new JsonFile(file, root);
    }

    static void requireFolder(Path checkpoint) {
        if (!Files.isDirectory(checkpoint) || !Files.isReadable(checkpoint)) {
            throw new CheckpointException(
                    Reason.CheckpointMissing,
                    checkpoint.toString(),
                    "",
                    "there is no such folder, or it cannot be read; check the path and where it is mounted");
        }
    }

    /** Names the file. */
    public String file() {
        return file;
    }

    /** Gives the whole object. */
    public JsonNode root() {
        return root;
    }

    /** Gives a field; a missing node when it is absent or null. */
    public JsonNode field(String name) {
        JsonNode value = root.path(name);
        return value.isNull() ? root.path("") : value;
    }

    /** Says whether a field is there and null. */
    boolean saysNull(String name) {
        return root.path(name).isNull();
    }

    int integer(String name, int min, int max) {
        return integer(name, field(name), min, max);
    }

    int integer(String name, int min, int max, int ifAbsent) {
        return field(name).isMissingNode() ? ifAbsent : integer(name, min, max);
    }

    private int integer(String name, JsonNode value, int min, int max) {
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < min || value.intValue() > max) {
            throw invalid(file, name, shown(value) + " but must be a whole number from " + min + " to " + max);
        }
        return value.intValue();
    }

    double number(String name, JsonNode value, double min, double max) {
        if (!value.isNumber() || !(value.doubleValue() >= min && value.doubleValue() <= max)) {
            throw invalid(file, name, shown(value) + " but must be a number from " + min + " to " + max);
        }
        return value.doubleValue();
    }

    boolean flag(String name, boolean ifAbsent) {
        JsonNode value = field(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw invalid(file, name, shown(value) + " but must be true or false");
        }
        return value.asBoolean(ifAbsent);
    }

    /** Makes the exception for a field that says what cannot be. */
    public CheckpointException invalid(String field, String problemAndCure) {
        return invalid(file, field, problemAndCure);
    }

    private static CheckpointException invalid(String file, String field, String problemAndCure) {
        return new CheckpointException(Reason.ConfigInvalid, file, field, problemAndCure);
    }

    private static String shown(JsonNode value) {
        return "it is " + words(value);
    }

    /** Writes a value for people, as much of it as they read: it may be as long as the file. */
    static String words(JsonNode value) {
        if (value.isMissingNode()) {
            return "absent";
        }
        if (value.isContainerNode()) {
            return value.isEmpty()
                    ? value.toString()
                    : (value.isArray() ? "a list of " : "an object of ") + value.size();
        }
        String text = value.asText();
        String shown = text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "..." : text;
        return value.isTextual() ? '"' + shown + '"' : shown;
    }
}
