package dev.littoral.engine.jinja;

/** Reads the escapes of Python's strings. */
final class Escapes {

    private final String text;
    private final int line;
    private final StringBuilder result;
    private int at;

    private Escapes(String text, int line) {
        this.text = text;
        this.line = line;
        this.result = new StringBuilder(text.length());
    }

    /** @throws SyntaxFault when one is cut short */
    static String read(String text, int line) {
        return text.indexOf('\\') < 0 ? text : new Escapes(text, line).read();
    }

    private String read() {
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\\') {
                escape(text.charAt(at++));
            } else {
                result.append(c);
            }
        }
        return result.toString();
    }

    private void escape(char c) {
        switch (c) {
            case '\n' -> {}
            case '\\', '\'', '"' -> result.append(c);
            case 'a' -> result.append('\u0007');
            case 'b' -> result.append('\b');
            case 'f' -> result.append('\f');
            case 'n' -> result.append('\n');
            case 'r' -> result.append('\r');
            case 't' -> result.append('\t');
            case 'v' -> result.append('\u000b');
            case 'x' -> number(2);
            case 'u' -> number(4);
            case 'U' -> number(8);
            case 'N' -> throw new SyntaxFault(line, "characters by their names (\\N) are not known here");
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(c - '0');
            default -> unknown(c);
        }
    }

    private void number(int digits) {
        int end = Math.min(text.length(), at + digits);
        String hex = text.substring(at, end);
        if (hex.length() < digits || !hex.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128)) {
            throw new SyntaxFault(line, "an escape in a string needs " + digits + " hexadecimal digits");
        }
        long code = Long.parseLong(hex, 16);
        if (code > Character.MAX_CODE_POINT) {
            throw new SyntaxFault(line, "an escape in a string is no character: " + hex);
        }
        result.appendCodePoint((int) code);
        at = end;
    }

    private void octal(int first) {
        int code = first;
        for (int i = 0; i < 2 && at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '7'; i++) {
            code = code * 8 + text.charAt(at++) - '0';
        }
        result.append((char) code);
    }

    /** Other characters keep their backslash; those beyond ASCII become their own escape, as jinja2 has it. */
    private void unknown(char c) {
        result.append('\\');
        if (c < 128) {
            result.append(c);
        } else if (c < 256) {
            result.append("x%02x".formatted((int) c));
        } else if (Character.isHighSurrogate(c) && at < text.length()) {
            result.append("U%08x".formatted(Character.toCodePoint(c, text.charAt(at++))));
        } else {
            result.append("u%04x".formatted((int) c));
        }
    }
}
