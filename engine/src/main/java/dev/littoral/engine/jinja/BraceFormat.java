package dev.littoral.engine.jinja;

/** Python's {@code format.format(..)}. */
final class BraceFormat {

    private final String format;
    private final Arguments arguments;
    private int next;

    BraceFormat(String format, Arguments arguments) {
        this.format = format;
        this.arguments = arguments;
    }

    /** @throws Fault when format and arguments do not fit */
    String format() {
        Sink sink = new Sink(arguments.budget());
        int at = 0;
        while (at < format.length()) {
            char c = format.charAt(at);
            if ((c == '{' || c == '}') && format.startsWith(String.valueOf(c), at + 1)) {
                sink.append(c);
                at += 2;
            } else if (c == '}') {
                throw Fault.wrong("Single '}' encountered in format string");
            } else if (c == '{') {
                int end = end(at + 1);
                arguments.budget().step();
                sink.append(field(format.substring(at + 1, end)));
                at = end + 1;
            } else {
                int end = at + 1;
                while (end < format.length() && format.charAt(end) != '{' && format.charAt(end) != '}') {
                    end++;
                }
                sink.append(format, at, end);
                at = end;
            }
        }
        return sink.toString();
    }

    private int end(int from) {
        int end = format.indexOf('}', from);
        if (end < 0) {
            throw Fault.wrong("expected '}' before end of string");
        }
        if (format.substring(from, end).indexOf('{') >= 0) {
            throw Fault.wrong("a format within a format is not known here");
        }
        return end;
    }

    private String field(String field) {
        int colon = field.indexOf(':');
        String name = colon < 0 ? field : field.substring(0, colon);
        int mark = name.indexOf('!');
        Object value = value(mark < 0 ? name : name.substring(0, mark));
        if (mark >= 0) {
            value = converted(value, name.substring(mark + 1));
        }
        String spec = colon < 0 ? "" : field.substring(colon + 1);
        return spec.isEmpty()
                ? Printing.str(arguments.budget(), value)
                : FormatSpec.of(spec).format(arguments.budget(), value);
    }

    private Object converted(Object value, String conversion) {
        return switch (conversion) {
            case "s" -> Printing.str(arguments.budget(), value);
            case "r" -> Printing.repr(arguments.budget(), value);
            default -> throw Fault.wrong("the conversion '" + conversion + "' is not known here");
        };
    }

    private Object value(String path) {
        int end = 0;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
            end++;
        }
        Object value = first(path.substring(0, end));
        while (end < path.length()) {
            boolean attribute = path.charAt(end) == '.';
            int from = end + 1;
            end = from;
            while (end < path.length()
                    && (attribute ? path.charAt(end) != '.' && path.charAt(end) != '[' : path.charAt(end) != ']')) {
                end++;
            }
            String key = path.substring(from, end);
            if (key.isEmpty() || (!attribute && end == path.length())) {
                throw Fault.wrong("Empty attribute in format string");
            }
            value = attribute
                    ? Attributes.attribute(arguments.budget(), value, key)
                    : Attributes.item(arguments.budget(), value, Numbers.key(key));
            end += attribute ? 0 : 1;
        }
        return value;
    }

    private Object first(String name) {
        if (name.isEmpty() || Numbers.isDigits(name)) {
            if (name.isEmpty() ? next < 0 : next > 0) {
                throw Fault.wrong("cannot mix automatic and manual field numbering");
            }
            int index = name.isEmpty() ? next++ : Integer.parseInt(name.length() > 6 ? "999999" : name);
            if (!name.isEmpty()) {
                next = -1;
            }
            if (index >= arguments.positional().size()) {
                throw Fault.wrong("Replacement index " + index + " out of range for positional args tuple");
            }
            return arguments.positional().get(index);
        }
        Object value = arguments.named().get(name);
        if (value == null) {
            throw Fault.wrong("the format names '" + name + "', which is not given");
        }
        return value;
    }
}
