package dev.littoral.engine.text;

import java.util.Set;

/**
 * Looks through a regular expression that cuts texts into words, and refuses what could cost more than a few steps for
 * each character: the tokenizers library's matcher gives up after ten million steps, and that ends the process.
 *
 * <p>Taken are alternatives of characters, classes, escapes, groups and looks ahead, with these bounds: only a single
 * character repeats without end, at most one such repetition is followed by something that may fail, the ways to match
 * what repeats boundedly are few, and no alternative matches nothing. Alternatives are tried one after another at the same
 * place, so what they cost is summed up.
 */
final class SplitPattern {

    private static final int MOST_CHARACTERS = 4096;
    private static final int MOST_NESTED = 8;
    private static final int MOST_WAYS = 8;
    private static final int MOST_REPEATS = 64;
    private static final int MOST_COSTLY = 4;

    /** Of a million characters each costs this many steps at most at one place, and ten million are too many. */
    private static final int MOST_STEPS = 8;

    private static final String ESCAPES = "sSdDwWnrtfvaepPxuRhH";
    private static final Set<String> OPENINGS = Set.of("(?:", "(?i:", "(?=", "(?!");

    private final String pattern;
    private int at;

    /** Ends the look with what is wrong. */
    private static final class Refused extends RuntimeException {

        Refused(String problem) {
            super(problem, null, false, false);
        }
    }

    /**
     * What matters of a part.
     *
     * @param empty whether it may match nothing, or takes no characters
     * @param sure whether it cannot fail
     * @param endless how many repetitions without end nothing that may fail follows yet
     * @param costly how many of them something that may fail follows
     * @param ways in which its bounded repetitions can match
     */
    private record Part(boolean empty, boolean sure, int endless, int costly, int ways) {

        static final Part CHARACTER = new Part(false, false, 0, 0, 1);

        static final Part NOTHING = new Part(true, true, 0, 0, 1);

        static final Part LOOK = new Part(true, false, 0, 0, 1);

        Part then(Part next) {
            int nowCostly = costly + next.costly() + (next.sure() ? 0 : endless);
            if (nowCostly > 1) {
                throw new Refused("repeats without end more than once before something that may fail");
            }
            return new Part(
                    empty && next.empty(),
                    sure && next.sure(),
                    (next.sure() ? endless : 0) + next.endless(),
                    nowCostly,
                    few((long) ways * next.ways()));
        }

        boolean repeats() {
            return endless + costly > 0 || ways > 1;
        }

        /** Counts how often a long run of characters may be gone through from one place. */
        int steps() {
            return costly * ways;
        }

        Part or(Part other) {
            return new Part(
                    empty || other.empty(),
                    sure || other.sure(),
                    endless + other.endless(),
                    costly + other.costly(),
                    Math.max(ways, other.ways()));
        }

        private static int few(long ways) {
            if (ways > MOST_WAYS) {
                throw new Refused("can match in too many ways");
            }
            return (int) ways;
        }
    }

    private SplitPattern(String pattern) {
        this.pattern = pattern;
    }

    /** Gives what is wrong with a pattern, empty when nothing is. */
    static String problem(String pattern) {
        if (pattern.isEmpty() || pattern.length() > MOST_CHARACTERS) {
            return "must be an expression of 1 to " + MOST_CHARACTERS + " characters";
        }
        var look = new SplitPattern(pattern);
        try {
            Part whole = look.alternatives(0);
            if (look.at < pattern.length()) {
                return look.where("has a ')' too many");
            }
            return whole.empty() ? "matches nothing, too" : "";
        } catch (Refused refused) {
            return look.where(String.valueOf(refused.getMessage()));
        }
    }

    private String where(String problem) {
        return problem + " (near character " + at + " of the expression)";
    }

    private Part alternatives(int depth) {
        Part all = sequence(depth);
        int steps = all.steps();
        while (at < pattern.length() && pattern.charAt(at) == '|') {
            at++;
            Part next = sequence(depth);
            steps += next.steps();
            all = all.or(next);
            if (all.costly() > MOST_COSTLY || steps > MOST_STEPS) {
                throw new Refused("has too many alternatives that repeat without end before something that may fail");
            }
        }
        return all;
    }

    private Part sequence(int depth) {
        Part all = Part.NOTHING;
        while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
            all = all.then(repeated(depth));
        }
        return all;
    }

    private Part repeated(int depth) {
        boolean group = pattern.charAt(at) == '(';
        Part part = group ? group(depth) : single();
        if (at == pattern.length() || "*+?{".indexOf(pattern.charAt(at)) < 0) {
            return part;
        }
        int[] times = times();
        if (at < pattern.length() && "*+?{".indexOf(pattern.charAt(at)) >= 0) {
            throw new Refused("repeats a repetition, or does so in another way than greedily");
        }
        if (group && part.repeats() && times[1] != 1) {
            throw new Refused("repeats a group that repeats something");
        }
        if (times[1] == Integer.MAX_VALUE) {
            if (group) {
                throw new Refused("repeats a group without end");
            }
            return new Part(times[0] == 0, times[0] == 0, 1, 0, 1);
        }
        int ways = Part.few((long) part.ways() * (times[1] - times[0] + 1));
        return new Part(
                times[0] == 0 || part.empty(), times[0] == 0 || part.sure(), part.endless(), part.costly(), ways);
    }

    /** Reads how often something repeats: the fewest and the most times. */
    private int[] times() {
        char sign = pattern.charAt(at++);
        return switch (sign) {
            case '*' -> new int[] {0, Integer.MAX_VALUE};
            case '+' -> new int[] {1, Integer.MAX_VALUE};
            case '?' -> new int[] {0, 1};
            default -> counted();
        };
    }

    private int[] counted() {
        int least = number();
        int most = least;
        if (next() == ',') {
            at++;
            most = next() == '}' ? Integer.MAX_VALUE : number();
        }
        if (next() != '}' || least > most || least > MOST_REPEATS) {
            throw new Refused("repeats in an unknown way");
        }
        at++;
        if (most != Integer.MAX_VALUE && most > MOST_REPEATS) {
            throw new Refused("repeats more than " + MOST_REPEATS + " times");
        }
        return new int[] {least, most};
    }

    private int number() {
        int begin = at;
        while (at < pattern.length() && Character.isDigit(pattern.charAt(at)) && at - begin < 4) {
            at++;
        }
        if (at == begin) {
            throw new Refused("repeats in an unknown way");
        }
        return Integer.parseInt(pattern.substring(begin, at));
    }

    private Part group(int depth) {
        if (depth == MOST_NESTED) {
            throw new Refused("is nested too deeply");
        }
        boolean ahead = false;
        if (pattern.startsWith("(?", at)) {
            String opening = OPENINGS.stream()
                    .filter(each -> pattern.startsWith(each, at))
                    .findFirst()
                    .orElseThrow(() -> new Refused("has a group of an unknown kind"));
            ahead = opening.endsWith("=") || opening.endsWith("!");
            at += opening.length();
        } else {
            at++;
        }
        Part inner = alternatives(depth + 1);
        if (next() != ')') {
            throw new Refused("has a group without end");
        }
        at++;
        if (ahead && inner.repeats()) {
            throw new Refused("looks ahead at a repetition");
        }
        return ahead ? Part.LOOK : inner;
    }

    private Part single() {
        char c = pattern.charAt(at);
        switch (c) {
            case '[' -> characters(0);
            case '\\' -> escape();
            case '^', '$' -> throw new Refused("has an anchor");
            case '*', '+', '?', '{' -> throw new Refused("repeats nothing");
            default -> at += Character.charCount(pattern.codePointAt(at));
        }
        return Part.CHARACTER;
    }

    private void characters(int depth) {
        if (depth == 2) {
            throw new Refused("has classes nested too deeply");
        }
        at++;
        if (next() == '^') {
            at++;
        }
        int begin = at;
        while (next() != ']' || at == begin) {
            switch (next()) {
                case '[' -> characters(depth + 1);
                case '\\' -> escape();
                default -> at += Character.charCount(pattern.codePointAt(at));
            }
        }
        at++;
    }

    private void escape() {
        at++;
        char c = next();
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (letter && ESCAPES.indexOf(c) < 0) {
            throw new Refused("has an escape that is not known: \\" + c);
        }
        at += Character.charCount(pattern.codePointAt(at));
        if (c == 'p' || c == 'P') {
            int end = pattern.indexOf('}', at);
            if (next() != '{' || end < 0 || !pattern.substring(at + 1, end).matches("\\^?[A-Za-z_]{1,40}")) {
                throw new Refused("has a property of an unknown kind");
            }
            at = end + 1;
        } else if (c == 'x' || c == 'u') {
            hex(c);
        }
    }

    private void hex(char kind) {
        if (next() == '{') {
            int end = pattern.indexOf('}', at);
            if (kind != 'x' || end < 0 || !pattern.substring(at + 1, end).matches("[0-9A-Fa-f]{1,6}")) {
                throw new Refused("has a character by an unknown number");
            }
            at = end + 1;
            return;
        }
        int digits = kind == 'x' ? 2 : 4;
        if (at + digits > pattern.length()
                || !pattern.substring(at, at + digits).matches("[0-9A-Fa-f]+")) {
            throw new Refused("has a character by an unknown number");
        }
        at += digits;
    }

    private char next() {
        if (at >= pattern.length()) {
            throw new Refused("ends too early");
        }
        return pattern.charAt(at);
    }
}
