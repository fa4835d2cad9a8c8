package dev.littoral.sandbox.apiserver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
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
                                in.readByteArray(),
                                Map.of(1, new ProtobufField.Text("apiVersion"), 2, new ProtobufField.Text("kind")));
                    case 2 -> raw = in.readByteArray();
                    default -> in.skipField(tag);
                }
            }
            Map<Integer, ProtobufField> fields =
                    ProtobufKinds.KINDS.get(type.path("kind").asText());
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

    private static ObjectNode message(byte[] bytes, Map<Integer, ProtobufField> fields) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        ObjectNode object = Json.object();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            ProtobufField field = fields.get(WireFormat.getTagFieldNumber(tag));
            if (field == null) {
                in.skipField(tag);
            } else {
                value(in, field, object);
            }
        }
        return object;
    }

    private static JsonNode numberOrText(byte[] bytes) throws IOException {
        ObjectNode read = message(
                bytes,
                Map.of(
                        1, new ProtobufField.WholeNumber("type"),
                        2, new ProtobufField.WholeNumber("number"),
                        3, new ProtobufField.Text("text")));
        return read.path("type").asInt() == 0
                ? IntNode.valueOf(read.path("number").asInt())
                : TextNode.valueOf(read.path("text").asText(""));
    }

    /** Empty texts are how Go sends absent ones. */
    private static void value(CodedInputStream in, ProtobufField field, ObjectNode object) throws IOException {
        switch (field) {
            case ProtobufField.Text(String name) -> {
                String text = in.readString();
                if (!text.isEmpty()) {
                    object.put(name, text);
                }
            }
            case ProtobufField.Bytes(String name) -> object.set(name, BinaryNode.valueOf(in.readByteArray()));
            case ProtobufField.WholeNumber(String name) -> object.put(name, in.readInt64());
            case ProtobufField.Positive(String name) -> {
                long number = in.readInt64();
                if (number != 0) {
                    object.put(name, number);
                }
            }
            case ProtobufField.Flag(String name) -> {
                if (in.readBool()) {
                    object.put(name, true);
                }
            }
            case ProtobufField.NumberOrText(String name) -> object.set(name, numberOrText(in.readByteArray()));
            case ProtobufField.Texts(String name) ->
                object.withArray("/" + name).add(in.readString());
            case ProtobufField.TextMap(String name) -> {
                ObjectNode entry = message(
                        in.readByteArray(),
                        Map.of(1, new ProtobufField.Text("key"), 2, new ProtobufField.Text("value")));
                object.withObject("/" + name)
                        .put(entry.path("key").asText(""), entry.path("value").asText(""));
            }
            case ProtobufField.BytesMap(String name) -> {
                ObjectNode entry = message(
                        in.readByteArray(),
                        Map.of(1, new ProtobufField.Text("key"), 2, new ProtobufField.Bytes("value")));
                byte[] value = entry.has("value") ? entry.get("value").binaryValue() : new byte[0];
                object.withObject("/" + name)
                        .put(entry.path("key").asText(""), Base64.getEncoder().encodeToString(value));
            }
            case ProtobufField.Message(String name, Map<Integer, ProtobufField> fields, boolean repeated) -> {
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
