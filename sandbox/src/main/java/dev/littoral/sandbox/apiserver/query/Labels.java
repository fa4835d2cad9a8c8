package dev.littoral.sandbox.apiserver.query;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Knows what keys and values of labels look like, and the subdomains that begin keys and name objects. */
public final class Labels {

    private static final int LONGEST_BYTES = 63;

    private static final String LABEL_FORM = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SUBDOMAIN_FORM = LABEL_FORM + "(\\." + LABEL_FORM + ")*";
    private static final String KEY_FORM = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final String VALUE_FORM = "(" + KEY_FORM + ")?";

    private static final Pattern SUBDOMAIN = Pattern.compile(SUBDOMAIN_FORM);
    private static final Pattern KEY = Pattern.compile(KEY_FORM);
    private static final Pattern VALUE = Pattern.compile(VALUE_FORM);

    private static final String SUBDOMAIN_WANTED =
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must"
                    + " start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '"
                    + SUBDOMAIN_FORM + "')";
    private static final String KEY_WANTED =
            "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric"
                    + " character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '"
                    + KEY_FORM + "')";
    private static final String VALUE_WANTED =
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must"
                    + " start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345',"
                    + " regex used for validation is '" + VALUE_FORM + "')";

    private Labels() {}

    /** Says what is wrong with the key of a label or an annotation; nothing where it will do. */
    public static List<String> keyFaults(String key) {
        List<String> parts = List.of(key.split("/", -1));
        if (parts.size() > 2) {
            return List.of("a valid label key " + KEY_WANTED
                    + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
        }
        List<String> faults = new ArrayList<>();
        if (parts.size() == 2) {
            if (parts.getFirst().isEmpty()) {
                faults.add("prefix part must be non-empty");
            } else {
                subdomainFaults(parts.getFirst()).forEach(fault -> faults.add("prefix part " + fault));
            }
        }
        String name = parts.getLast();
        if (name.isEmpty()) {
            faults.add("name part must be non-empty");
        } else if (name.length() > LONGEST_BYTES) {
            faults.add("name part " + tooLong(LONGEST_BYTES));
        }
        if (!KEY.matcher(name).matches()) {
            faults.add("name part " + KEY_WANTED);
        }
        return faults;
    }

    /** Says what is wrong with the value of a label; nothing where it will do. */
    public static List<String> valueFaults(String value) {
        List<String> faults = new ArrayList<>();
        if (value.length() > LONGEST_BYTES) {
            faults.add(tooLong(LONGEST_BYTES));
        }
        if (!VALUE.matcher(value).matches()) {
            faults.add(VALUE_WANTED);
        }
        return faults;
    }

    /** Says what is wrong with a subdomain (RFC 1123), such as an object's name; nothing where it will do. */
    public static List<String> subdomainFaults(String subdomain) {
        List<String> faults = new ArrayList<>();
        if (subdomain.length() > 253) {
            faults.add(tooLong(253));
        }
        if (!SUBDOMAIN.matcher(subdomain).matches()) {
            faults.add(SUBDOMAIN_WANTED);
        }
        return faults;
    }

    private static String tooLong(int mostBytes) {
        return "must be no more than " + mostBytes + " bytes";
    }
}
