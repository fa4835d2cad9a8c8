package dev.littoral.engine.jinja;

/** A text that was marked safe: what is added to it is escaped, as by markupsafe. */
record Markup(String text) {

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace(">", "&gt;")
                .replace("<", "&lt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }

    /** Gives the text of a marked value, and other values as they are. */
    static Object plain(Object value) {
        return value instanceof Markup markup ? markup.text() : value;
    }
}
