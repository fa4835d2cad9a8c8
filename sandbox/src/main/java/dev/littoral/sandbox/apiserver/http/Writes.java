package dev.littoral.sandbox.apiserver.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.error.FieldError;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.json.Metadata;
import dev.littoral.sandbox.apiserver.objects.Deletion;
import dev.littoral.sandbox.apiserver.objects.Identity;
import dev.littoral.sandbox.apiserver.objects.Objects;
import dev.littoral.sandbox.apiserver.objects.Part;
import dev.littoral.sandbox.apiserver.objects.Written;
import dev.littoral.sandbox.apiserver.patch.JsonPatch;
import dev.littoral.sandbox.apiserver.patch.MergePatch;
import dev.littoral.sandbox.apiserver.patch.StrategicMergePatch;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import dev.littoral.sandbox.apiserver.resource.ResourceType.ScalePaths;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;

/** Answers what creates, changes or deletes objects. */
final class Writes {

    private static final String APPLY = "application/apply-patch+yaml";

    private final Objects objects;
    private final Shapes shapes;
    private final Deletes deletes;

    Writes(Objects objects, Deletion deletion, Lists lists, Shapes shapes) {
        this.objects = objects;
        this.shapes = shapes;
        this.deletes = new Deletes(deletion, lists);
    }

    Answer answer(Target target, Call call) throws IOException {
        return switch (call.method()) {
            case "POST" -> create(target, call);
            case "PUT" -> replace(target, call);
            case "PATCH" -> patch(target, call);
            case "DELETE" -> deletes.answer(target, call);
            default -> throw Refusal.methodNotAllowed();
        };
    }

    private Answer create(Target target, Call call) throws IOException {
        if (!target.collection()) {
            throw target.subresource().isEmpty() ? Refusal.methodNotAllowed() : Refusal.unknownPath();
        }
        ResourceType type = target.type();
        ObjectNode body = object(type, call);
        String namespace = type.namespaced() && target.namespace().isEmpty()
                ? Metadata.of(body).namespace()
                : target.namespace();
        return answer(target, objects.create(type, namespace, body, Parameters.writing(call)), call);
    }

    private Answer replace(Target target, Call call) throws IOException {
        refuseCollection(target);
        ResourceType type = target.type();
        Part part = part(target);
        if (part == Part.SCALE) {
            ScalePaths paths = type.scale().orElseThrow(Refusal::unknownPath);
            ObjectNode scale = call.object("Scale");
            Identity.refuseOtherName(Metadata.of(scale), target.name());
            return scaled(target, call, object -> Scales.write(paths, object, scale));
        }
        ObjectNode body = object(type, call);
        Written written =
                objects.replace(type, target.namespace(), target.name(), part, body, Parameters.writing(call));
        return answer(target, written, call);
    }

    /** Only of a built-in kind is it clear without a word what the body is. */
    private static ObjectNode object(ResourceType type, Call call) throws IOException {
        String kind = type.names().kind();
        ObjectNode body = call.object(kind);
        if (type.custom() && !body.hasNonNull("kind")) {
            throw Refusal.badRequest("the object provided is unrecognized (must be of type " + kind
                    + "): Object 'Kind' is missing in '" + Json.text(body) + "'");
        }
        return body;
    }

    private Answer patch(Target target, Call call) throws IOException {
        refuseCollection(target);
        ResourceType type = target.type();
        Part part = part(target);
        if (call.contentType().equals(APPLY)) {
            if (part == Part.SCALE) {
                throw Refusal.unsupportedMediaType("application/json-patch+json, application/merge-patch+json");
            }
            if (call.query("fieldManager").isEmpty()) {
                FieldError fault = FieldError.required("fieldManager", "is required for apply patch");
                throw Refusal.invalid("meta.k8s.io", "PatchOptions", "", List.of(fault));
            }
            ObjectNode body = Call.object(call.body(), true, type.names().kind());
            Written written =
                    objects.apply(type, target.namespace(), target.name(), part, body, Parameters.writing(call));
            return answer(target, written, call);
        }
        UnaryOperator<JsonNode> patch = read(type, call);
        if (part == Part.SCALE) {
            ScalePaths paths = type.scale().orElseThrow(Refusal::unknownPath);
            return scaled(target, call, object -> Scales.write(paths, object, patch.apply(Scales.of(paths, object))));
        }
        UnaryOperator<ObjectNode> whole = live -> {
            if (patch.apply(live) instanceof ObjectNode patched) {
                return patched;
            }
            throw Refusal.unprocessable();
        };
        Written written =
                objects.change(type, target.namespace(), target.name(), part, whole, Parameters.writing(call));
        return answer(target, written, call);
    }

    private UnaryOperator<JsonNode> read(ResourceType type, Call call) throws IOException {
        String mediaType = call.contentType();
        byte[] body = call.body();
        JsonNode patch;
        try {
            patch = Json.read(body);
        } catch (JsonProcessingException e) {
            throw Refusal.badRequest("error decoding patch: " + Json.problem(e));
        }
        boolean object = patch.isObject();
        return switch (mediaType) {
            case "application/json-patch+json" -> live -> JsonPatch.apply(live, patch);
            case "application/merge-patch+json" -> {
                refuseUnless(object);
                yield live -> MergePatch.apply(live, patch);
            }
            case "application/strategic-merge-patch+json" -> {
                if (type.custom()) {
                    throw unsupported(type);
                }
                refuseUnless(object);
                yield live -> StrategicMergePatch.apply(live, patch, type.schema());
            }
            default -> throw unsupported(type);
        };
    }

    private static void refuseUnless(boolean object) {
        if (!object) {
            throw Refusal.badRequest("error decoding patch: a merge patch is an object");
        }
    }

    private static Refusal unsupported(ResourceType type) {
        String patches = "application/json-patch+json, application/merge-patch+json, ";
        String strategic = type.custom() ? "" : "application/strategic-merge-patch+json, ";
        return Refusal.unsupportedMediaType(patches + strategic + APPLY);
    }

    private Answer scaled(Target target, Call call, UnaryOperator<ObjectNode> change) {
        ResourceType type = target.type();
        Written written =
                objects.change(type, target.namespace(), target.name(), Part.SCALE, change, Parameters.writing(call));
        ScalePaths paths = type.scale().orElseThrow(Refusal::unknownPath);
        return Answer.json(200, Scales.of(paths, written.object()), written.warnings());
    }

    private Answer answer(Target target, Written written, Call call) {
        ObjectNode shown = shapes.one(target.type(), written.object(), true, call);
        return Answer.json(written.created() ? 201 : 200, shown, written.warnings());
    }

    private static void refuseCollection(Target target) {
        if (target.collection()) {
            throw Refusal.methodNotAllowed();
        }
    }

    private static Part part(Target target) {
        return switch (target.subresource()) {
            case "" -> Part.WHOLE;
            case "status" -> {
                if (!target.type().status()) {
                    throw Refusal.unknownPath();
                }
                yield Part.STATUS;
            }
            case "scale" -> Part.SCALE;
            default -> throw Refusal.unknownPath();
        };
    }
}
