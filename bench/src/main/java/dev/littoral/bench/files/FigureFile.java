package dev.littoral.bench.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes figures as strict JSON: what is no number is null. */
public final class FigureFile {

    private FigureFile() {}

    /** Writes a file, with the folders that it wants; {@code figures} are left as they are written. */
    public static void write(Path file, ObjectNode figures) throws IOException {
        clean(figures);
        Files.createDirectories(file.toAbsolutePath().getParent());
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), figures);
    }

    private static void clean(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                if (noNumber(field.getValue())) {
                    field.setValue(object.nullNode());
                } else {
                    clean(field.getValue());
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                if (noNumber(array.get(i))) {
                    array.setNull(i);
                } else {
                    clean(array.get(i));
                }
            }
        }
    }

    private static boolean noNumber(JsonNode node) {
        return node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue());
    }
}
