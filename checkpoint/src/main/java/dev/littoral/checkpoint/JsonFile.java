package dev.littoral.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.littoral.checkpoint.CheckpointException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A JSON object in a file of a checkpoint; its fields are read with their bounds checked. */
public final class JsonFile {

    private static final int MAX_BYTES = 64 << 20;
    private static final int MAX_TEXT_BYTES = 4 << 20;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final String file;
    private final JsonNode root;

    private JsonFile(String file, JsonNode root) {
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
        requireSmall(path);
        return path;
    }

    private static CheckpointException missing(Path path) {
        return new CheckpointException(
                Reason.ConfigMissing,
                path.toString(),
                "",
                "there is no such file; point to a folder in Hugging Face layout");
    }

    private static void requireSmall(Path path) {
        if (path.toFile().length() > MAX_BYTES) {
            throw invalid(path.toString(), "", "it is larger than 64 MiB; no checkpoint needs that");
        }
    }

    /**
     * Reads a file of the folder, empty when it is not there.
     *
     * @throws CheckpointException when it is no JSON object
     */
    public static Optional<JsonFile> find(Path checkpoint, String name) {
        return bytes(checkpoint.resolve(name))
                .map(json -> parse(checkpoint.resolve(name).toString(), json, Reason.ConfigInvalid));
    }

    /**
     * Reads a file of the folder as text, empty when it is not there.
     *
     * @throws CheckpointException when it is larger than 4 MiB, or no UTF-8
     */
    public static Optional<String> text(Path checkpoint, String name) {
        Path path = checkpoint.resolve(name);
        if (path.toFile().length() > MAX_TEXT_BYTES) {
            throw invalid(path.toString(), "", "it is larger than 4 MiB; no text of a checkpoint needs that");
        }
        return bytes(path).map(utf8 -> {
            try {
                return decoded(utf8);
            } catch (CharacterCodingException e) {
                throw invalid(path.toString(), "", "it is not valid UTF-8; fetch the file again");
            }
        });
    }

    private static String decoded(byte[] utf8) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    }

    private static Optional<byte[]> bytes(Path path) {
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        try {
            requireSmall(path);
            return Optional.of(Files.readAllBytes(path));
        } catch (IOException e) {
            throw invalid(path.toString(), "", "it cannot be read (" + e + "); check its permissions");
        }
    }

    /** Parses bytes that stand in a file. */
    static JsonFile parse(String file, byte[] json, Reason reason) {
        try {
            // From text: Jackson's reader of bytes refuses escaped surrogate pairs in names, which tokenizers have.
            JsonNode root = MAPPER.readTree(decoded(json));
            if (root != null && root.isObject()) {
                return new JsonFile(file, root);
            }
            throw new CheckpointException(reason, file, "", "it is no JSON object; fetch the file again");
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            throw new CheckpointException(
                    reason, file, "", "it is not valid JSON" + where + ": " + withoutPlace(e.getOriginalMessage()));
        } catch (CharacterCodingException e) {
            throw new CheckpointException(reason, file, "", "it is not valid UTF-8; fetch the file again");
        }
    }

    /** Jackson adds once more where things began, and that it does not show the text. */
    private static String withoutPlace(String message) {
        int place = message.indexOf(" (start marker at");
        return place < 0 ? message : message.substring(0, place);
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
        if (value.isMissingNode()) {
            return "it is absent";
        }
        String text = value.toString();
        return "it is " + (text.length() > 60 ? text.substring(0, 60) + "..." : text);
    }
}
