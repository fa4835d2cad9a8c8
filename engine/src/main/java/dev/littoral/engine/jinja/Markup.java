package dev.littoral.engine.jinja;

/** A text that was marked safe: what is added to it is escaped, as by markupsafe. */
record Markup(String text) {

    static String escape(Budget budget, String text) {
        Sink sink = new Sink(budget);
        escape(sink, text);
        return sink.toString();
    }

    static void escape(Sink sink, String text) {
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            String escape = switch (text.charAt(i)) {
                case '&' -> "&amp;";
                case '>' -> "&gt;";
                case '<' -> "&lt;";
                case '\'' -> "&#39;";
                case '"' -> "&#34;";
                default -> "";
            };
            if (!escape.isEmpty()) {
                sink.append(text, from, i).append(escape);
                from = i + 1;
            }
        }
        sink.append(text, from, text.length());
    }

    /** Gives the text of a marked value, and other values as they are. */
    static Object plain(Object value) {
        return value instanceof Markup markup ? markup.text() : value;
    }
}
