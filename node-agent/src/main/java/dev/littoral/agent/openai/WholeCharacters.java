package dev.littoral.agent.openai;

/** Keeps the halves of a character together that a server sent apart; a half alone becomes U+FFFD. */
final class WholeCharacters {

    private static final char UNKNOWN = '\uFFFD';

    private String held = "";

    /** Takes more text and gives the whole characters that are there. */
    String accept(String text) {
        String all = held + text;
        boolean halfAtEnd = !all.isEmpty() && Character.isHighSurrogate(all.charAt(all.length() - 1));
        held = halfAtEnd ? all.substring(all.length() - 1) : "";
        return mended(halfAtEnd ? all.substring(0, all.length() - 1) : all);
    }

    /** Gives what was held back, at the text's end. */
    String finish() {
        String rest = mended(held);
        held = "";
        return rest;
    }

    private static String mended(String text) {
        var whole = new StringBuilder(text.length());
        text.codePoints()
                .map(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? UNKNOWN : point)
                .forEach(whole::appendCodePoint);
        return whole.toString();
    }
}
