package dev.littoral.sandbox.apiserver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.littoral.sandbox.apiserver.json.Json;
import java.util.SplittableRandom;

/** Makes JSON trees for tests. */
public final class Trees {

    private static final YAMLMapper YAML = new YAMLMapper();

    private Trees() {}

    /** Reads YAML. */
    public static JsonNode yaml(String text) {
        try {
            return YAML.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** Reads a YAML object. */
    public static ObjectNode object(String text) {
        return (ObjectNode) yaml(text);
    }

    /** Makes a random value of few names and values, so that two of them have much in common. */
    public static JsonNode random(SplittableRandom random, int depth) {
        int kind = random.nextInt(depth > 0 ? 6 : 3);
        return switch (kind) {
            case 0 -> Json.array().add(random.nextInt(3)).get(0);
            case 1 -> Json.array().add("t" + random.nextInt(3)).get(0);
            case 2 -> Json.array().add(random.nextBoolean()).get(0);
            case 3 -> {
                ArrayNode list = Json.array();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(random(random, depth - 1));
                }
                yield list;
            }
            default -> randomObject(random, depth);
        };
    }

    /** Makes a random object. */
    public static ObjectNode randomObject(SplittableRandom random, int depth) {
        ObjectNode object = Json.object();
        for (int i = random.nextInt(5); i > 0; i--) {
            object.set("abcdef/~".charAt(random.nextInt(8)) + "", random(random, depth - 1));
        }
        return object;
    }
}
