package dev.littoral.sandbox.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.json.Json;
import java.util.ArrayList;
import java.util.List;

/** Applies JSON patches (RFC 6902). */
public final class JsonPatch {

    private static final int MOST_OPERATIONS = 10_000;
    private static final long MOST_COPIED_BYTES = 3 << 20;

    private JsonPatch() {}

    /**
     * Gives the patched value; neither argument is changed.
     *
     * @throws Refusal when the patch is malformed, a path leads nowhere, or a test fails
     */
    public static JsonNode apply(JsonNode target, JsonNode operations) {
        if (!operations.isArray()) {
            throw Refusal.badRequest("error decoding patch: a JSON patch is a list of operations");
        }
        if (operations.size() > MOST_OPERATIONS) {
            throw Refusal.tooLarge("The allowed maximum operations in a JSON patch is " + MOST_OPERATIONS + ", got "
                    + operations.size());
        }
        JsonNode patched = target.deepCopy();
        Budget budget = new Budget();
        for (JsonNode operation : operations) {
            if (!operation.isObject()) {
                throw Refusal.badRequest("error decoding patch: an operation is an object");
            }
            patched = one(patched, operation, budget);
        }
        return patched;
    }

    /** Bounds what copies may add up to: each could double the object. */
    private static final class Budget {

        private long bytesLeft = MOST_COPIED_BYTES;

        JsonNode copy(JsonNode value) {
            bytesLeft -= Json.bytes(value).length;
            if (bytesLeft < 0 || Json.tooDeep(value)) {
                throw Refusal.unprocessable();
            }
            return value.deepCopy();
        }
    }

    private static JsonNode one(JsonNode root, JsonNode operation, Budget budget) {
        List<String> path = steps(operation.path("path").asText(""));
        JsonNode value = operation.path("value");
        return switch (operation.path("op").asText("")) {
            case "add" -> add(root, path, value.deepCopy());
            case "replace" -> path.isEmpty() ? value.deepCopy() : replace(root, path, value.deepCopy());
            case "remove" -> remove(root, path);
            case "test" -> {
                boolean same = Json.same(findOrNull(root, path), value.isMissingNode() ? nullNode() : value);
                yield same ? root : refuse();
            }
            case "copy" -> add(root, path, budget.copy(find(root, from(operation))));
            case "move" -> {
                JsonNode moved = find(root, from(operation)).deepCopy();
                yield add(remove(root, from(operation)), path, moved);
            }
            default -> refuse();
        };
    }

    private static List<String> from(JsonNode operation) {
        return steps(operation.path("from").asText(""));
    }

    private static List<String> steps(String pointer) {
        if (pointer.isEmpty()) {
            return List.of();
        }
        if (!pointer.startsWith("/")) {
            throw Refusal.unprocessable();
        }
        List<String> steps = new ArrayList<>();
        for (String step : pointer.substring(1).split("/", -1)) {
            steps.add(step.replace("~1", "/").replace("~0", "~"));
        }
        return steps;
    }

    private static JsonNode findOrNull(JsonNode root, List<String> path) {
        JsonNode found = root;
        for (String step : path) {
            found = found.isArray() ? found.path(index(step, found.size())) : found.path(step);
        }
        return found.isMissingNode() ? nullNode() : found;
    }

    private static JsonNode find(JsonNode root, List<String> path) {
        JsonNode found = root;
        for (String step : path) {
            found = found.isArray() ? found.path(index(step, found.size() - 1)) : found.path(step);
            if (found.isMissingNode()) {
                throw Refusal.unprocessable();
            }
        }
        return found;
    }

    private static JsonNode add(JsonNode root, List<String> path, JsonNode value) {
        if (path.isEmpty()) {
            return value;
        }
        JsonNode parent = find(root, path.subList(0, path.size() - 1));
        String last = path.getLast();
        switch (parent) {
            case ArrayNode list -> list.insert(last.equals("-") ? list.size() : index(last, list.size()), value);
            case ObjectNode object -> object.set(last, value);
            default -> throw Refusal.unprocessable();
        }
        return root;
    }

    private static JsonNode replace(JsonNode root, List<String> path, JsonNode value) {
        JsonNode parent = find(root, path.subList(0, path.size() - 1));
        if (parent instanceof ArrayNode list) {
            list.set(index(path.getLast(), list.size() - 1), value);
        } else if (parent instanceof ObjectNode object) {
            object.set(path.getLast(), value); // the real server replaces absent fields, too
        } else {
            throw Refusal.unprocessable();
        }
        return root;
    }

    private static JsonNode remove(JsonNode root, List<String> path) {
        find(root, path);
        if (path.isEmpty()) {
            return nullNode();
        }
        JsonNode parent = find(root, path.subList(0, path.size() - 1));
        if (parent instanceof ArrayNode list) {
            list.remove(index(path.getLast(), list.size() - 1));
        } else {
            ((ObjectNode) parent).remove(path.getLast());
        }
        return root;
    }

    private static int index(String step, int most) {
        try {
            int index = Integer.parseInt(step);
            if (index >= 0 && index <= most) {
                return index;
            }
        } catch (NumberFormatException e) {
            throw Refusal.unprocessable();
        }
        throw Refusal.unprocessable();
    }

    private static JsonNode nullNode() {
        return com.fasterxml.jackson.databind.node.NullNode.getInstance();
    }

    private static JsonNode refuse() {
        throw Refusal.unprocessable();
    }
}
