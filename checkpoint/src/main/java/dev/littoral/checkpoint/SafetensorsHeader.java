package dev.littoral.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.checkpoint.CheckpointException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a safetensors header and holds it against the file: every byte of data belongs to exactly one tensor. */
final class SafetensorsHeader {

    private static final int MAX_DIMENSIONS = 8;

    /** What is said of one tensor: three names, a text, two lists. */
    private static final int MOST_VALUES = 100;

    private final String file;
    private final long dataStart;
    private final long dataBytes;

    SafetensorsHeader(String file, long dataStart, long dataBytes) {
        this.file = file;
        this.dataStart = dataStart;
        this.dataBytes = dataBytes;
    }

    /** Reads the header from the stream; of {@code __metadata__} nothing is kept. */
    Map<String, TensorInfo> read(InputStream utf8, TensorRoom room) throws IOException {
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        new JsonFields(file, Reason.WeightsInvalid).read(utf8, (name, value) -> {
            if (name.equals("__metadata__")) {
                return;
            }
            room.take(file, name);
            if (tensors.put(name, tensor(name, JsonFields.tree(new BoundedParser(value, MOST_VALUES)))) != null) {
                throw lie(name, "it is there twice");
            }
        });
        requireWithoutHolesOrOverlaps(tensors);
        return Collections.unmodifiableMap(tensors);
    }

    private TensorInfo tensor(String name, JsonNode entry) {
        DataType dtype = dtype(name, entry.path("dtype"));
        List<Long> shape = shape(name, entry.path("shape"));
        JsonNode offsets = entry.path("data_offsets");
        if (!offsets.isArray() || offsets.size() != 2) {
            throw lie(name, "data_offsets must be two numbers");
        }
        long begin = offset(name, offsets.path(0));
        long end = offset(name, offsets.path(1));
        if (begin > end || end > dataBytes) {
            throw lie(
                    name,
                    "data_offsets " + begin + " to " + end + " leave the " + dataBytes
                            + " bytes of data in the file; it is truncated or corrupt");
        }
        long wanted = bytes(name, dtype, shape);
        if (end - begin != wanted) {
            throw lie(
                    name,
                    "shape " + shape + " of " + dtype + " takes " + wanted + " bytes, but data_offsets hold "
                            + (end - begin));
        }
        return new TensorInfo(dtype, shape, dataStart + begin, wanted);
    }

    private DataType dtype(String name, JsonNode value) {
        return Optional.of(value)
                .filter(JsonNode::isTextual)
                .flatMap(text -> List.of(DataType.values()).stream()
                        .filter(type -> type.name().equals(text.textValue()))
                        .findFirst())
                .orElseThrow(() ->
                        lie(name, "dtype " + JsonFile.words(value) + " is not one of " + List.of(DataType.values())));
    }

    private List<Long> shape(String name, JsonNode value) {
        if (!value.isArray() || value.size() > MAX_DIMENSIONS) {
            throw lie(name, "shape must be a list of at most " + MAX_DIMENSIONS + " sizes");
        }
        List<Long> shape = new ArrayList<>();
        for (JsonNode size : value) {
            if (!size.isIntegralNumber() || !size.canConvertToLong() || size.longValue() < 0) {
                throw lie(name, "shape has " + JsonFile.words(size) + ", which is negative or no whole number");
            }
            shape.add(size.longValue());
        }
        return shape;
    }

    private long offset(String name, JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw lie(name, "data_offsets must be whole numbers from 0 on, not " + JsonFile.words(value));
        }
        return value.longValue();
    }

    private long bytes(String name, DataType dtype, List<Long> shape) {
        try {
            return shape.stream().reduce((long) dtype.bytes(), Math::multiplyExact);
        } catch (ArithmeticException e) {
            throw lie(name, "shape " + shape + " overflows");
        }
    }

    private void requireWithoutHolesOrOverlaps(Map<String, TensorInfo> tensors) {
        long end = dataStart;
        for (var entry : tensors.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, TensorInfo> e) ->
                                e.getValue().offset())
                        .thenComparingLong(e -> e.getValue().bytes()))
                .toList()) {
            if (entry.getValue().offset() != end) {
                throw lie(
                        entry.getKey(),
                        entry.getValue().offset() < end
                                ? "its bytes overlap those of another tensor"
                                : "there are bytes before it that belong to no tensor");
            }
            end += entry.getValue().bytes();
        }
        if (end != dataStart + dataBytes) {
            throw lie("", "the last " + (dataStart + dataBytes - end) + " bytes belong to no tensor");
        }
    }

    CheckpointException lie(String field, String problem) {
        String shown = field.length() > 100 ? field.substring(0, 100) + "..." : field;
        return new CheckpointException(Reason.WeightsInvalid, file, shown, problem + "; fetch the file again");
    }
}
