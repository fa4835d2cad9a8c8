package dev.littoral.sandbox.apiserver.objects;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.sandbox.apiserver.error.FieldError;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.json.Metadata;
import dev.littoral.sandbox.apiserver.query.Labels;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** Makes names, and checks those of objects and labels. */
final class Names {

    private static final String LABEL_FORM = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SERVICE_FORM = "[a-z]([-a-z0-9]*[a-z0-9])?";

    private static final Pattern LABEL = Pattern.compile(LABEL_FORM);
    private static final Pattern SERVICE = Pattern.compile(SERVICE_FORM);

    /** All annotations of an object together, keys and values. */
    private static final int MOST_ANNOTATION_BYTES = 256 << 10;

    /** No vowels and nothing that looks alike, as in the suffixes of a real server. */
    private static final String SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

    private Names() {}

    /** Makes a name from its beginning, which is cut where it is too long. */
    static String generated(String beginning) {
        StringBuilder name = new StringBuilder(beginning.substring(0, Math.min(beginning.length(), 58)));
        for (int i = 0; i < 5; i++) {
            name.append(SUFFIX_LETTERS.charAt(ThreadLocalRandom.current().nextInt(SUFFIX_LETTERS.length())));
        }
        return name.toString();
    }

    /** Finds faults of an object's name and labels. */
    static List<FieldError> faults(ResourceType type, Metadata metadata) {
        List<FieldError> faults = new ArrayList<>();
        if (metadata.name().isEmpty()) {
            faults.add(FieldError.required("metadata.name", "name or generateName is required"));
        } else {
            nameFaults(type, metadata.name(), faults);
        }
        for (Map.Entry<String, JsonNode> label : metadata.node().path("labels").properties()) {
            invalid("metadata.labels", label.getKey(), Labels.keyFaults(label.getKey()), faults);
            String value = label.getValue().asText();
            invalid("metadata.labels", value, Labels.valueFaults(value), faults);
        }
        int bytes = 0;
        for (Map.Entry<String, JsonNode> note :
                metadata.node().path("annotations").properties()) {
            List<String> wrong = Labels.keyFaults(note.getKey().toLowerCase(Locale.ROOT));
            invalid("metadata.annotations", note.getKey(), wrong, faults);
            bytes += note.getKey().length() + note.getValue().asText().getBytes(StandardCharsets.UTF_8).length;
        }
        if (bytes > MOST_ANNOTATION_BYTES) {
            String detail = "may not be more than " + MOST_ANNOTATION_BYTES + " bytes";
            faults.add(new FieldError(FieldError.Reason.FieldValueTooLong, "metadata.annotations", "", detail));
        }
        return faults;
    }

    private static void nameFaults(ResourceType type, String name, List<FieldError> faults) {
        switch (type.storageKind()) {
            case "/namespaces" -> {
                tooLong(name, faults);
                form(
                        LABEL,
                        name,
                        faults,
                        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must"
                                + " start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex"
                                + " used for validation is '" + LABEL_FORM + "')");
            }
            case "/services" -> {
                tooLong(name, faults);
                form(
                        SERVICE,
                        name,
                        faults,
                        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an"
                                + " alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or"
                                + " 'abc-123', regex used for validation is '" + SERVICE_FORM + "')");
            }
            default -> invalid("metadata.name", name, Labels.subdomainFaults(name), faults);
        }
    }

    private static void invalid(String field, String value, List<String> details, List<FieldError> faults) {
        details.forEach(detail -> faults.add(FieldError.invalid(field, quoted(value), detail)));
    }

    private static void form(Pattern form, String name, List<FieldError> faults, String detail) {
        if (!form.matcher(name).matches()) {
            faults.add(FieldError.invalid("metadata.name", quoted(name), detail));
        }
    }

    private static void tooLong(String name, List<FieldError> faults) {
        if (name.length() > 63) {
            faults.add(FieldError.invalid("metadata.name", quoted(name), "must be no more than 63 bytes"));
        }
    }

    private static String quoted(String text) {
        return Json.text(Json.array().add(text).get(0));
    }
}
