package dev.littoral.checkpoint;

import com.fasterxml.jackson.core.JsonToken;
import dev.littoral.checkpoint.CheckpointException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.BiConsumer;

/** Reads which file has which tensor, as {@code model.safetensors.index.json} says it, and keeps nothing of it. */
public final class WeightIndex {

    /** Its name in a folder. */
    public static final String FILE = "model.safetensors.index.json";

    /** The index of a model in 400 files with 100,000 tensors has some 10 MB. */
    public static final long MOST_BYTES = 32 << 20;

    private static final String MAP = "weight_map";

    private WeightIndex() {}

    /**
     * Goes through an index.
     *
     * @param file for people
     * @param entries hears the name of each tensor and that of its file, which nobody has checked
     * @throws CheckpointException when it is no index or names nothing
     * @throws IOException when the stream cannot be read
     */
    public static void read(String file, InputStream utf8, BiConsumer<String, String> entries) throws IOException {
        int[] count = {0, 0};
        new JsonFields(file, Reason.ConfigInvalid).read(utf8, (name, value) -> {
            if (!name.equals(MAP)) {
                return;
            }
            count[0]++;
            if (count[0] > 1 || value.currentToken() != JsonToken.START_OBJECT) {
                throw invalid(file, MAP, "it must be there once, and name the file of each tensor");
            }
            JsonFields.fields(value, (tensor, where) -> {
                count[1]++;
                entries.accept(tensor, where.currentToken().isScalarValue() ? where.getText() : "");
            });
        });
        if (count[1] == 0) {
            throw invalid(file, MAP, "it must name the file of each tensor");
        }
    }

    private static CheckpointException invalid(String file, String field, String problem) {
        return new CheckpointException(Reason.ConfigInvalid, file, field, problem + "; fetch the file again");
    }
}
