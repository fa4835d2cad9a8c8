package dev.littoral.sandbox.apiserver.error;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.json.Json;
import java.util.List;
import java.util.Set;

/** Carries the Status object with which a request is refused. */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;
    private static final Set<String> WITHOUT_DETAILS = Set.of("BadRequest", "Expired", "UnsupportedMediaType");

    private static final int LONGEST_SHOWN = 1000;

    private final int code;
    private final transient ObjectNode status;

    private Refusal(int code, String reason, String message, ObjectNode details) {
        super(message);
        this.code = code;
        this.status = Json.object().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Failure").put("message", message);
        if (!reason.isEmpty()) {
            status.put("reason", reason);
        }
        if (!reason.isEmpty() && !WITHOUT_DETAILS.contains(reason)) {
            status.set("details", details);
        }
        status.put("code", code);
    }

    /** Gives the HTTP status code. */
    public int code() {
        return code;
    }

    /** Gives the body of the answer. */
    public ObjectNode status() {
        return status;
    }

    /** Says that the path names nothing that is served. */
    public static Refusal unknownPath() {
        return new Refusal(404, "NotFound", "the server could not find the requested resource", Json.object());
    }

    /** Says that there is no such object. */
    public static Refusal notFound(String group, String plural, String name) {
        return new Refusal(
                404, "NotFound", named(group, plural) + " \"" + name + "\" not found", details(group, plural, name));
    }

    /** Says that the name is taken. */
    public static Refusal alreadyExists(String group, String plural, String name) {
        String message = named(group, plural) + " \"" + name + "\" already exists";
        return new Refusal(409, "AlreadyExists", message, details(group, plural, name));
    }

    /** Says that someone else was faster. */
    public static Refusal modified(String group, String plural, String name) {
        String why = "the object has been modified; please apply your changes to the latest version and try again";
        return conflict(group, plural, name, why);
    }

    /** Says that the request does not fit the object's present state. */
    public static Refusal conflict(String group, String kind, String name, String why) {
        String message = "Operation cannot be fulfilled on " + named(group, kind) + " \"" + name + "\": " + why;
        return new Refusal(409, "Conflict", message, details(group, kind, name));
    }

    /** Says that an apply would take fields from other managers. */
    public static Refusal applyConflict(String message, List<FieldConflict> conflicts) {
        ObjectNode details = Json.object();
        ArrayNode causes = details.putArray("causes");
        for (FieldConflict conflict : conflicts) {
            causes.addObject()
                    .put("reason", "FieldManagerConflict")
                    .put("message", "conflict with " + conflict.manager())
                    .put("field", conflict.field());
        }
        return new Refusal(409, "Conflict", message, details);
    }

    /** Says which fields of an object are wrong. */
    public static Refusal invalid(String group, String kind, String name, List<FieldError> errors) {
        ObjectNode details = details(group, kind, name);
        ArrayNode causes = details.putArray("causes");
        for (FieldError error : errors) {
            causes.addObject()
                    .put("reason", error.reason().code())
                    .put("message", error.message())
                    .put("field", error.field());
        }
        List<String> texts = errors.stream()
                .map(error -> error.field() + ": " + error.message())
                .toList();
        String list = texts.size() == 1 ? texts.getFirst() : "[" + String.join(", ", texts) + "]";
        return new Refusal(422, "Invalid", named(group, kind) + " \"" + name + "\" is invalid: " + list, details);
    }

    /** Says that a patch cannot be carried out on this object. */
    public static Refusal unprocessable() {
        String message = "the server rejected our request due to an error in our request";
        return new Refusal(422, "Invalid", message, Json.object());
    }

    /** Says that a patch makes something of an object that is none of its kind. */
    public static Refusal unusablePatch(ObjectNode patched, String why) {
        String whole = Json.text(patched);
        String part = whole.length() > LONGEST_SHOWN ? whole.substring(0, LONGEST_SHOWN) + " ..." : whole;
        String shown = Json.text(Json.array().add(part).get(0));
        return invalid("", "", "", List.of(FieldError.invalid("patch", shown, why)));
    }

    /** Says that the request makes no sense. */
    public static Refusal badRequest(String message) {
        return new Refusal(400, "BadRequest", message, Json.object());
    }

    /** Says that the request is understood and not allowed. */
    public static Refusal forbidden(String group, String plural, String name, String why) {
        String message = named(group, plural) + " \"" + name + "\" is forbidden: " + why;
        return new Refusal(403, "Forbidden", message, details(group, plural, name));
    }

    /** Says that an applied object does not fit its schema. */
    public static Refusal untyped(String message) {
        return new Refusal(500, "", message, Json.object());
    }

    /** Says that this method is not for this path. */
    public static Refusal methodNotAllowed() {
        String message = "the server does not allow this method on the requested resource";
        return new Refusal(405, "MethodNotAllowed", message, Json.object());
    }

    /** Says which formats of a body are understood. */
    public static Refusal unsupportedMediaType(String accepted) {
        String message = "the body of the request was in an unknown format - accepted media types include: " + accepted;
        return new Refusal(415, "UnsupportedMediaType", message, Json.object());
    }

    /** Says that a body is longer than this server takes. */
    public static Refusal tooLarge(long limitBytes) {
        return tooLarge("limit is " + limitBytes);
    }

    /** Says that a request asks for too much at once. */
    public static Refusal tooLarge(String why) {
        String message = "Request entity too large: " + why;
        return new Refusal(413, "RequestEntityTooLarge", message, Json.object());
    }

    /** Says that history does not reach back so far. */
    public static Refusal expired(String message) {
        return new Refusal(410, "Expired", message, Json.object());
    }

    /** Says that a version lies in the future. */
    public static Refusal tooLargeVersion(long asked, long current) {
        ObjectNode details = Json.object();
        details.putArray("causes")
                .addObject()
                .put("reason", "ResourceVersionTooLarge")
                .put("message", "Too large resource version");
        details.put("retryAfterSeconds", 1);
        String message = "Timeout: Too large resource version: " + asked + ", current: " + current;
        return new Refusal(504, "Timeout", message, details);
    }

    /** Says that no more objects fit into this server's memory. */
    public static Refusal full(long mostBytes) {
        String message = "no space left: objects may take " + mostBytes
                + " bytes together; delete some, or start this server with a larger -Xmx";
        return new Refusal(507, "InsufficientStorage", message, Json.object());
    }

    /** Says that this request needs more memory than there is at the moment. */
    public static Refusal outOfMemory() {
        String message = "this server has not enough memory for the request; try again, or start it with a larger -Xmx";
        return new Refusal(503, "ServiceUnavailable", message, Json.object());
    }

    /** Says that this server is at fault. */
    public static Refusal internal(String message) {
        return new Refusal(500, "InternalError", "Internal error occurred: " + message, Json.object());
    }

    private static String named(String group, String plural) {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    private static ObjectNode details(String group, String kind, String name) {
        ObjectNode details = Json.object();
        if (!name.isEmpty()) {
            details.put("name", name);
        }
        if (!group.isEmpty()) {
            details.put("group", group);
        }
        return details.put("kind", kind);
    }

    /**
     * Names a field that another manager owns.
     *
     * @param manager the other manager as messages show it
     * @param field path of the field, as {@code .spec.size}
     */
    public record FieldConflict(String manager, String field) {}
}
