package dev.littoral.sandbox.apiserver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.error.FieldError;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.json.Metadata;
import dev.littoral.sandbox.apiserver.objects.DeleteOptions;
import dev.littoral.sandbox.apiserver.objects.DeleteOptions.Propagation;
import dev.littoral.sandbox.apiserver.objects.Deletion;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import dev.littoral.sandbox.apiserver.store.ObjectKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Answers what deletes objects, one or many. */
final class Deletes {

    private final Deletion deletion;
    private final Lists lists;

    Deletes(Deletion deletion, Lists lists) {
        this.deletion = deletion;
        this.lists = lists;
    }

    Answer answer(Target target, Call call) throws IOException {
        if (!target.subresource().isEmpty()) {
            throw Refusal.unknownPath();
        }
        ResourceType type = target.type();
        if (target.collection() && !type.verbs().contains("deletecollection")) {
            throw Refusal.methodNotAllowed();
        }
        DeleteOptions options = options(call);
        if (!target.collection()) {
            Deletion.Deleted deleted = deletion.delete(type, target.namespace(), target.name(), options);
            return Answer.json(
                    200, deleted.gone() && !isPod(type) ? success(type, deleted.object()) : deleted.object());
        }
        List<byte[]> deleted = new ArrayList<>();
        for (ObjectKey key : lists.chosen(target, call)) {
            try {
                deleted.add(Json.bytes(deletion.delete(type, key.namespace(), key.name(), options)
                        .object()));
            } catch (Refusal gone) {
                if (gone.code() != 404) {
                    throw gone;
                }
                // someone else deleted it since it was chosen
            }
        }
        return lists.answer(type, deleted, Json.object(), call);
    }

    private static boolean isPod(ResourceType type) {
        return type.storageKind().equals("/pods");
    }

    private static ObjectNode success(ResourceType type, ObjectNode object) {
        Metadata metadata = Metadata.of(object);
        ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        ObjectNode details = status.put("status", "Success").putObject("details");
        details.put("name", metadata.name());
        if (!type.group().isEmpty()) {
            details.put("group", type.group());
        }
        details.put("kind", type.names().plural()).put("uid", metadata.uid());
        return status;
    }

    /** Options stand in the body or in the query; the body counts where both are given. */
    private static DeleteOptions options(Call call) throws IOException {
        byte[] bytes = call.body();
        ObjectNode body = bytes.length == 0 ? Json.object() : read(bytes, call.contentType());
        JsonNode grace = body.path("gracePeriodSeconds");
        if (body.hasNonNull("gracePeriodSeconds") && !grace.isIntegralNumber()) {
            throw Refusal.badRequest("json: cannot unmarshal " + Json.text(grace)
                    + " into Go struct field DeleteOptions.gracePeriodSeconds of type int64");
        }
        OptionalLong seconds = grace.isIntegralNumber()
                ? OptionalLong.of(grace.longValue())
                : call.number("gracePeriodSeconds").map(OptionalLong::of).orElseGet(OptionalLong::empty);
        String propagation = body.path("propagationPolicy").asText(call.query("propagationPolicy"));
        return new DeleteOptions(
                seconds,
                propagation(propagation, body.path("orphanDependents").asBoolean()),
                text(body.at("/preconditions/uid")),
                text(body.at("/preconditions/resourceVersion")),
                !body.path("dryRun").isEmpty() || Parameters.dryRun(call));
    }

    private static ObjectNode read(byte[] bytes, String mediaType) {
        return mediaType.equals(Protobuf.MEDIA_TYPE)
                ? Protobuf.read(bytes)
                : Call.object(bytes, mediaType.equals("application/yaml"), "DeleteOptions");
    }

    private static Propagation propagation(String text, boolean orphan) {
        return switch (text) {
            case "" -> orphan ? Propagation.Orphan : Propagation.Background;
            case "Background" -> Propagation.Background;
            case "Foreground" -> Propagation.Foreground;
            case "Orphan" -> Propagation.Orphan;
            default -> {
                String supported = "\"Foreground\", \"Background\", \"Orphan\", \"nil\"";
                String shown = Json.text(Json.array().add(text).get(0));
                FieldError fault = Parameters.unsupported("propagationPolicy", shown, supported);
                throw Refusal.invalid("meta.k8s.io", "DeleteOptions", "", List.of(fault));
            }
        };
    }

    private static Optional<String> text(JsonNode node) {
        return node.isTextual() ? Optional.of(node.asText()) : Optional.empty();
    }
}
