package dev.littoral.engine.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Looks through a regular expression that cuts texts into words, and refuses what could cost more than a few steps for
 * each character: the tokenizers library's matcher gives up after ten million steps, and that ends the process.
 *
 * <p>Taken are alternatives of characters, classes, escapes, groups and looks ahead, with these bounds: only a single
 * character repeats without end, at most one such repetition is followed by something that may fail, the ways to match
 * what repeats boundedly are few, and no alternative matches nothing. Alternatives are tried one after another at the same
 * place, so what they cost is summed up.
 *
 * <p>A run of characters that is gone through to its end in vain must be taken at that place by another alternative: else
 * it is gone through again from each of its characters, which takes time in proportion to its square. So for each
 * repetition that something may fail behind there is an alternative that repeats the same characters and cannot fail
 * behind, and none in between takes less of them.
 */
final class SplitPattern {

    private static final int MOST_CHARACTERS = 4096;
    private static final int MOST_NESTED = 8;
    private static final int MOST_REPEATS = 64;
    private static final int MOST_COSTLY = 4;

    /** Of a million characters each costs this many steps at most at one place, and ten million are too many. */
    private static final int MOST_STEPS = 8;

    private static final String REPEATS = "*+?{";
    private static final Set<String> OPENINGS = Set.of("(?:", "(?i:", "(?=", "(?!");

    /** Leaves one blank to the next word, and so gives back one alone: inside of a run a blank follows. */
    private static final String BLANKS_BUT_ONE = "\\s+(?!\\S)";

    private final PatternReader reader;

    private SplitPattern(String pattern) {
        this.reader = new PatternReader(pattern);
    }

    /** Gives what is wrong with a pattern, empty when nothing is. */
    static String problem(String pattern) {
        if (pattern.isEmpty() || pattern.length() > MOST_CHARACTERS) {
            return "must be an expression of 1 to " + MOST_CHARACTERS + " characters";
        }
        var look = new SplitPattern(pattern);
        try {
            List<PatternPart> alternatives = look.alternatives(0);
            if (!look.reader.ended()) {
                return look.where("has a ')' too many");
            }
            if (either(alternatives).empty()) {
                return "matches nothing, too";
            }
            return alternatives.stream().allMatch(each -> taken(each, alternatives))
                    ? ""
                    : "goes through a run of characters that no other alternative takes, again from each of them";
        } catch (PatternRefused refused) {
            return look.where(String.valueOf(refused.getMessage()));
        }
    }

    /** Says whether what an alternative goes through in vain is taken by another one. */
    private static boolean taken(PatternPart costly, List<PatternPart> alternatives) {
        if (costly.costs().isEmpty()) {
            return true;
        }
        int at = alternatives.indexOf(costly);
        for (int i = 0; i < alternatives.size(); i++) {
            PatternPart other = alternatives.get(i);
            if (other.takes(costly.costs())) {
                return true;
            }
            if (i > at && !other.runs().equals(costly.costs())) {
                return false;
            }
        }
        return false;
    }

    private String where(String problem) {
        return problem + " (near character " + reader.at() + " of the expression)";
    }

    private List<PatternPart> alternatives(int depth) {
        List<PatternPart> all = new ArrayList<>(List.of(sequence(depth)));
        while (reader.sees("|")) {
            reader.skip(1);
            all.add(sequence(depth));
            int costly = all.stream().mapToInt(PatternPart::costly).sum();
            int steps = all.stream().mapToInt(PatternPart::steps).sum();
            if (costly > MOST_COSTLY || steps > MOST_STEPS) {
                throw new PatternRefused(
                        "has too many alternatives that repeat without end before something that may fail");
            }
        }
        return all;
    }

    private static PatternPart either(List<PatternPart> alternatives) {
        return alternatives.stream().reduce(PatternPart::or).orElse(PatternPart.NOTHING);
    }

    private PatternPart sequence(int depth) {
        int begin = reader.at();
        PatternPart all = PatternPart.NOTHING;
        while (!reader.ended() && !reader.sees("|)")) {
            all = all.then(repeated(depth));
        }
        return reader.since(begin).equals(BLANKS_BUT_ONE) ? all.cheap() : all;
    }

    private PatternPart repeated(int depth) {
        boolean group = reader.sees("(");
        int begin = reader.at();
        PatternPart part = group ? group(depth) : single();
        String characters = reader.since(begin);
        if (!reader.sees(REPEATS)) {
            return part;
        }
        int[] times = times();
        if (reader.sees(REPEATS)) {
            throw new PatternRefused("repeats a repetition, or does so in another way than greedily");
        }
        if (group && part.repeats() && times[1] != 1) {
            throw new PatternRefused("repeats a group that repeats something");
        }
        if (times[1] == Integer.MAX_VALUE) {
            if (group) {
                throw new PatternRefused("repeats a group without end");
            }
            return PatternPart.endless(times[0] == 0, characters);
        }
        return part.times(times[0], times[1]);
    }

    private PatternPart single() {
        reader.single();
        return PatternPart.CHARACTER;
    }

    /** Reads how often something repeats: the fewest and the most times. */
    private int[] times() {
        char sign = reader.next();
        reader.skip(1);
        return switch (sign) {
            case '*' -> new int[] {0, Integer.MAX_VALUE};
            case '+' -> new int[] {1, Integer.MAX_VALUE};
            case '?' -> new int[] {0, 1};
            default -> counted();
        };
    }

    private int[] counted() {
        int least = reader.number();
        int most = least;
        if (reader.next() == ',') {
            reader.skip(1);
            most = reader.next() == '}' ? Integer.MAX_VALUE : reader.number();
        }
        if (reader.next() != '}' || least > most || least > MOST_REPEATS) {
            throw new PatternRefused("repeats in an unknown way");
        }
        reader.skip(1);
        if (most != Integer.MAX_VALUE && most > MOST_REPEATS) {
            throw new PatternRefused("repeats more than " + MOST_REPEATS + " times");
        }
        return new int[] {least, most};
    }

    private PatternPart group(int depth) {
        if (depth == MOST_NESTED) {
            throw new PatternRefused("is nested too deeply");
        }
        boolean ahead = false;
        if (reader.seesText("(?")) {
            String opening = OPENINGS.stream()
                    .filter(reader::seesText)
                    .findFirst()
                    .orElseThrow(() -> new PatternRefused("has a group of an unknown kind"));
            ahead = opening.endsWith("=") || opening.endsWith("!");
            reader.skip(opening.length());
        } else {
            reader.skip(1);
        }
        PatternPart inner = either(alternatives(depth + 1)).grouped();
        if (reader.next() != ')') {
            throw new PatternRefused("has a group without end");
        }
        reader.skip(1);
        if (ahead && inner.repeats()) {
            throw new PatternRefused("looks ahead at a repetition");
        }
        return ahead ? PatternPart.LOOK : inner;
    }
}
