package dev.littoral.sandbox.apiserver.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.objects.Objects;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import dev.littoral.sandbox.apiserver.store.ObjectKey;
import dev.littoral.sandbox.apiserver.store.Store;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers lists, in pieces where the client wants few objects at a time. */
final class Lists {

    private static final int BUFFER_BYTES = 1 << 13;

    private final Store store;
    private final Shapes shapes;

    Lists(Store store, Shapes shapes) {
        this.store = store;
        this.shapes = shapes;
    }

    Answer answer(Target target, Call call) {
        ResourceType type = target.type();
        Selection selection = Selection.of(type, call);
        long limit = call.number("limit").orElse(0L);
        Optional<ObjectKey> after = call.query("continue").isEmpty()
                ? Optional.empty()
                : Optional.of(readToken(type, call.query("continue")));
        refuseFuture(call);
        Store.Listing listing = store.list(type.storageKind(), target.namespace());
        List<byte[]> found = new ArrayList<>();
        Optional<ObjectKey> last = Optional.empty();
        int remaining = 0;
        for (Map.Entry<ObjectKey, byte[]> entry : listing.entries()) {
            if (after.isPresent() && entry.getKey().compareTo(after.get()) <= 0) {
                continue;
            }
            if (!selection.everything() && !selection.chooses(Json.readOwn(entry.getValue()))) {
                continue;
            }
            if (limit > 0 && found.size() == limit) {
                remaining++;
            } else {
                found.add(entry.getValue());
                last = Optional.of(entry.getKey());
            }
        }
        ObjectNode metadata = Json.object().put("resourceVersion", String.valueOf(listing.version()));
        if (remaining > 0 && last.isPresent()) {
            metadata.put("continue", token(last.get()));
            if (selection.everything()) {
                metadata.put("remainingItemCount", remaining);
            }
        }
        return answer(type, found, metadata, call);
    }

    /** Answers with a list of objects, which are given as JSON. */
    Answer answer(ResourceType type, List<byte[]> objects, ObjectNode metadata, Call call) {
        Shapes.ListShape shape = shapes.list(type, metadata, call);
        return Answer.json(out -> write(type, shape, objects, out));
    }

    /** Reads one object at a time: all of them as trees would take a multiple of the memory that they are kept in. */
    private static void write(ResourceType type, Shapes.ListShape shape, List<byte[]> objects, OutputStream to)
            throws IOException {
        OutputStream out = new BufferedOutputStream(to, BUFFER_BYTES);
        byte[] head = Json.bytes(shape.head());
        out.write(head, 0, head.length - 1);
        out.write((",\"" + shape.field() + "\":[").getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < objects.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            ObjectNode object = Json.readOwn(objects.get(i));
            out.write(Json.bytes(shape.item().apply(Objects.presented(type, object))));
        }
        out.write("]}".getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Gives the names of all objects that a request chooses. */
    List<ObjectKey> chosen(Target target, Call call) {
        Selection selection = Selection.of(target.type(), call);
        return store.list(target.type().storageKind(), target.namespace()).entries().stream()
                .filter(entry -> selection.everything() || selection.chooses(Json.readOwn(entry.getValue())))
                .map(Map.Entry::getKey)
                .toList();
    }

    private void refuseFuture(Call call) {
        String asked = call.query("resourceVersion");
        if (!asked.isEmpty()) {
            long version = Watches.version(asked);
            if (version > store.version()) {
                throw Refusal.tooLargeVersion(version, store.version());
            }
        }
    }

    private static String token(ObjectKey key) {
        ArrayNode token = Json.array().add(key.namespace()).add(key.name());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.bytes(token));
    }

    private static ObjectKey readToken(ResourceType type, String token) {
        try {
            JsonNode read = Json.read(Base64.getUrlDecoder().decode(token));
            return new ObjectKey(
                    type.storageKind(), read.path(0).asText(), read.path(1).asText());
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw Refusal.badRequest("invalid continue token: continue key is not valid: " + token);
        }
    }
}
