package dev.littoral.sandbox.apiserver.http;

import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.json.Json;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/** Reads Kubernetes protobuf for the few kinds that kubectl sends in no other form, as with {@code create namespace}. */
final class Protobuf {

    static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

    private static final byte[] MAGIC = {'k', '8', 's', 0};

    /** How a field stands on the wire, and where it belongs in JSON. */
    private sealed interface Field {

        record Text(String name) implements Field {}

        record Bytes(String name) implements Field {}

        record WholeNumber(String name) implements Field {}

        record Flag(String name) implements Field {}

        record Texts(String name) implements Field {}

        record TextMap(String name) implements Field {}

        record BytesMap(String name) implements Field {}

        record Message(String name, Map<Integer, Field> fields, boolean repeated) implements Field {}
    }

    private static final Map<Integer, Field> OWNER = Map.of(
            1, new Field.Text("kind"),
            3, new Field.Text("name"),
            4, new Field.Text("uid"),
            5, new Field.Text("apiVersion"),
            6, new Field.Flag("controller"),
            7, new Field.Flag("blockOwnerDeletion"));

    private static final Field METADATA = new Field.Message(
            "metadata",
            Map.of(
                    1, new Field.Text("name"),
                    2, new Field.Text("generateName"),
                    3, new Field.Text("namespace"),
                    5, new Field.Text("uid"),
                    6, new Field.Text("resourceVersion"),
                    11, new Field.TextMap("labels"),
                    12, new Field.TextMap("annotations"),
                    13, new Field.Message("ownerReferences", OWNER, true),
                    14, new Field.Texts("finalizers")),
            false);

    private static final Map<String, Map<Integer, Field>> KINDS = Map.of(
            "Namespace", Map.of(1, METADATA),
            "ServiceAccount", Map.of(1, METADATA),
            "ConfigMap",
                    Map.of(
                            1, METADATA,
                            2, new Field.TextMap("data"),
                            3, new Field.BytesMap("binaryData"),
                            4, new Field.Flag("immutable")),
            "Secret",
                    Map.of(
                            1, METADATA,
                            2, new Field.BytesMap("data"),
                            3, new Field.Text("type"),
                            4, new Field.TextMap("stringData"),
                            5, new Field.Flag("immutable")),
            "DeleteOptions",
                    Map.of(
                            1, new Field.WholeNumber("gracePeriodSeconds"),
                            2,
                                    new Field.Message(
                                            "preconditions",
                                            Map.of(1, new Field.Text("uid"), 2, new Field.Text("resourceVersion")),
                                            false),
                            4, new Field.Text("propagationPolicy"),
                            5, new Field.Texts("dryRun")));

    private Protobuf() {}

    /**
     * Reads an object.
     *
     * @throws Refusal when it is of a kind that this server takes as JSON only, or cannot be read
     */
    static ObjectNode read(byte[] body) {
        if (body.length < MAGIC.length || !Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw Refusal.badRequest("the body is not Kubernetes protobuf: it does not begin with k8s");
        }
        try {
            CodedInputStream in = CodedInputStream.newInstance(body, MAGIC.length, body.length - MAGIC.length);
            ObjectNode type = Json.object();
            byte[] raw = {};
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 1 ->
                        type = message(
                                in.readByteArray(), Map.of(1, new Field.Text("apiVersion"), 2, new Field.Text("kind")));
                    case 2 -> raw = in.readByteArray();
                    default -> in.skipField(tag);
                }
            }
            Map<Integer, Field> fields = KINDS.get(type.path("kind").asText());
            if (fields == null) {
                throw Refusal.unsupportedMediaType("application/json, application/yaml");
            }
            ObjectNode object = type.deepCopy();
            object.setAll(message(raw, fields));
            return object;
        } catch (IOException e) {
            throw Refusal.badRequest("the body is not readable as Kubernetes protobuf: " + e.getMessage());
        }
    }

    private static ObjectNode message(byte[] bytes, Map<Integer, Field> fields) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        ObjectNode object = Json.object();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            Field field = fields.get(WireFormat.getTagFieldNumber(tag));
            if (field == null) {
                in.skipField(tag);
            } else {
                value(in, field, object);
            }
        }
        return object;
    }

    /** Empty texts are how Go sends absent ones. */
    private static void value(CodedInputStream in, Field field, ObjectNode object) throws IOException {
        switch (field) {
            case Field.Text(String name) -> {
                String text = in.readString();
                if (!text.isEmpty()) {
                    object.put(name, text);
                }
            }
            case Field.Bytes(String name) -> object.set(name, BinaryNode.valueOf(in.readByteArray()));
            case Field.WholeNumber(String name) -> object.put(name, in.readInt64());
            case Field.Flag(String name) -> object.put(name, in.readBool());
            case Field.Texts(String name) -> object.withArray("/" + name).add(in.readString());
            case Field.TextMap(String name) -> {
                ObjectNode entry =
                        message(in.readByteArray(), Map.of(1, new Field.Text("key"), 2, new Field.Text("value")));
                object.withObject("/" + name)
                        .put(entry.path("key").asText(""), entry.path("value").asText(""));
            }
            case Field.BytesMap(String name) -> {
                ObjectNode entry =
                        message(in.readByteArray(), Map.of(1, new Field.Text("key"), 2, new Field.Bytes("value")));
                byte[] value = entry.has("value") ? entry.get("value").binaryValue() : new byte[0];
                object.withObject("/" + name)
                        .put(entry.path("key").asText(""), Base64.getEncoder().encodeToString(value));
            }
            case Field.Message(String name, Map<Integer, Field> fields, boolean repeated) -> {
                ObjectNode child = message(in.readByteArray(), fields);
                if (repeated) {
                    object.withArray("/" + name).add(child);
                } else {
                    object.set(name, child);
                }
            }
        }
    }
}
