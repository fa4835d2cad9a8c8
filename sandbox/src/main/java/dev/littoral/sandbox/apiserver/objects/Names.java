package dev.littoral.sandbox.apiserver.objects;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.sandbox.apiserver.error.FieldError;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.json.Metadata;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** Makes names, and checks those of objects and labels. */
final class Names {

    private static final String LABEL_FORM = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SUBDOMAIN_FORM = LABEL_FORM + "(\\." + LABEL_FORM + ")*";
    private static final String SERVICE_FORM = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private static final String VALUE_FORM = "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?";
    private static final String KEY_FORM = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

    private static final Pattern LABEL = Pattern.compile(LABEL_FORM);
    private static final Pattern SUBDOMAIN = Pattern.compile(SUBDOMAIN_FORM);
    private static final Pattern SERVICE = Pattern.compile(SERVICE_FORM);
    private static final Pattern VALUE = Pattern.compile(VALUE_FORM);
    private static final Pattern KEY = Pattern.compile(KEY_FORM);

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
            keyFaults("metadata.labels", label.getKey(), faults);
            valueFaults(label.getValue().asText(), faults);
        }
        for (Map.Entry<String, JsonNode> note :
                metadata.node().path("annotations").properties()) {
            keyFaults("metadata.annotations", note.getKey(), faults);
        }
        return faults;
    }

    private static void nameFaults(ResourceType type, String name, List<FieldError> faults) {
        switch (type.storageKind()) {
            case "/namespaces" -> {
                tooLong("metadata.name", name, 63, faults);
                form(
                        LABEL,
                        "metadata.name",
                        name,
                        faults,
                        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must"
                                + " start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex"
                                + " used for validation is '" + LABEL_FORM + "')");
            }
            case "/services" -> {
                tooLong("metadata.name", name, 63, faults);
                form(
                        SERVICE,
                        "metadata.name",
                        name,
                        faults,
                        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an"
                                + " alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or"
                                + " 'abc-123', regex used for validation is '" + SERVICE_FORM + "')");
            }
            default -> {
                tooLong("metadata.name", name, 253, faults);
                form(
                        SUBDOMAIN,
                        "metadata.name",
                        name,
                        faults,
                        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.',"
                                + " and must start and end with an alphanumeric character (e.g. 'example.com', regex"
                                + " used for validation is '" + SUBDOMAIN_FORM + "')");
            }
        }
    }

    private static void keyFaults(String field, String key, List<FieldError> faults) {
        int slash = key.indexOf('/');
        String name = key.substring(slash + 1);
        if (slash >= 0 && !SUBDOMAIN.matcher(key.substring(0, slash)).matches()) {
            faults.add(FieldError.invalid(
                    field,
                    quoted(key),
                    "prefix part a lowercase RFC 1123 subdomain must consist"
                            + " of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric"
                            + " character (e.g. 'example.com', regex used for validation is '" + SUBDOMAIN_FORM
                            + "')"));
        }
        if (name.length() > 63) {
            faults.add(FieldError.invalid(field, quoted(key), "name part must be no more than 63 bytes"));
        }
        form(
                KEY,
                field,
                name,
                faults,
                "name part must consist of alphanumeric characters, '-', '_' or '.', and must"
                        + " start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex"
                        + " used for validation is '" + KEY_FORM + "')");
    }

    private static void valueFaults(String value, List<FieldError> faults) {
        if (value.length() > 63) {
            faults.add(FieldError.invalid("metadata.labels", quoted(value), "must be no more than 63 bytes"));
        }
        form(
                VALUE,
                "metadata.labels",
                value,
                faults,
                "a valid label must be an empty string or consist of alphanumeric"
                        + " characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',"
                        + "  or 'my_value',  or '12345', regex used for validation is '" + VALUE_FORM + "')");
    }

    private static void form(Pattern form, String field, String value, List<FieldError> faults, String detail) {
        if (!form.matcher(value).matches()) {
            faults.add(FieldError.invalid(field, quoted(value), detail));
        }
    }

    private static void tooLong(String field, String value, int most, List<FieldError> faults) {
        if (value.length() > most) {
            faults.add(FieldError.invalid(field, quoted(value), "must be no more than " + most + " bytes"));
        }
    }

    private static String quoted(String text) {
        return Json.text(Json.array().add(text).get(0));
    }
}
