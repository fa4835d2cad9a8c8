package dev.littoral.sandbox.apiserver.http;

import dev.littoral.sandbox.apiserver.error.FieldError;
import dev.littoral.sandbox.apiserver.error.FieldError.Reason;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.objects.WriteOptions;
import dev.littoral.sandbox.apiserver.objects.WriteOptions.UnknownFields;
import java.util.List;

/** Reads from a request's parameters how a write is meant. */
final class Parameters {

    private static final int LONGEST_MANAGER = 128;

    private Parameters() {}

    /** A writer without a name goes by the first word of its user agent, as with the real server. */
    static WriteOptions writing(Call call) {
        String given = call.query("fieldManager");
        if (given.length() > LONGEST_MANAGER) {
            String detail = "may not be more than " + LONGEST_MANAGER + " bytes";
            throw invalid(call, new FieldError(Reason.FieldValueTooLong, "fieldManager", "", detail));
        }
        String agent = call.header("User-Agent").replaceFirst("/.*", "");
        String manager = given.isEmpty() ? agent.substring(0, Math.min(agent.length(), LONGEST_MANAGER)) : given;
        return new WriteOptions(
                manager.isEmpty() ? "unknown" : manager, dryRun(call), unknownFields(call), call.flag("force"), false);
    }

    static boolean dryRun(Call call) {
        String wanted = call.query("dryRun");
        if (!wanted.isEmpty() && !wanted.equals("All")) {
            String shown = Json.text(Json.array().add(wanted));
            throw invalid(call, unsupported("dryRun", shown, "\"All\""));
        }
        return !wanted.isEmpty();
    }

    private static UnknownFields unknownFields(Call call) {
        String wanted = call.query("fieldValidation");
        return switch (wanted) {
            case "", "Warn" -> UnknownFields.Warn;
            case "Ignore" -> UnknownFields.Ignore;
            case "Strict" -> UnknownFields.Strict;
            default -> {
                String shown = Json.text(Json.array().add(wanted).get(0));
                throw invalid(call, unsupported("fieldValidation", shown, "\"\", \"Ignore\", \"Strict\", \"Warn\""));
            }
        };
    }

    static FieldError unsupported(String field, String value, String supported) {
        return new FieldError(Reason.FieldValueNotSupported, field, value, "supported values: " + supported);
    }

    private static Refusal invalid(Call call, FieldError fault) {
        String kind = switch (call.method()) {
            case "PUT" -> "UpdateOptions";
            case "PATCH" -> "PatchOptions";
            case "DELETE" -> "DeleteOptions";
            default -> "CreateOptions";
        };
        return Refusal.invalid("meta.k8s.io", kind, "", List.of(fault));
    }
}
