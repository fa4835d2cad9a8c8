package dev.littoral.engine.text;

/**
 * What matters of a part of an expression.
 *
 * @param empty whether it may match nothing, or takes no characters
 * @param sure whether it cannot fail
 * @param endless how many repetitions without end nothing that may fail follows yet
 * @param costly how many of them something that may fail follows
 * @param ways in which its bounded repetitions can match
 * @param runs the characters, as the expression spells them, that the first repetition without end takes, where nothing
 *     must match before it; else nothing
 * @param waits the characters of the last one that nothing that may fail follows yet; else nothing
 * @param costs the characters of the one that something that may fail follows; else nothing
 */
record PatternPart(
        boolean empty, boolean sure, int endless, int costly, int ways, String runs, String waits, String costs) {

    static final PatternPart CHARACTER = plain(false, false);

    static final PatternPart NOTHING = plain(true, true);

    static final PatternPart LOOK = plain(true, false);

    private static final int MOST_WAYS = 8;

    /** Stands for characters of a repetition in a group, which nothing else takes. */
    private static final String GROUPED = "(";

    private static PatternPart plain(boolean empty, boolean sure) {
        return new PatternPart(empty, sure, 0, 0, 1, "", "", "");
    }

    /** Repeats some characters without end. */
    static PatternPart endless(boolean orNone, String characters) {
        return new PatternPart(orNone, orNone, 1, 0, 1, characters, characters, "");
    }

    PatternPart then(PatternPart next) {
        int nowCostly = costly + next.costly() + (next.sure() ? 0 : endless);
        if (nowCostly > 1) {
            throw new PatternRefused("repeats without end more than once before something that may fail");
        }
        String nowCosts = costs + next.costs() + (next.sure() || endless == 0 ? "" : waits);
        return new PatternPart(
                empty && next.empty(),
                sure && next.sure(),
                (next.sure() ? endless : 0) + next.endless(),
                nowCostly,
                few((long) ways * next.ways()),
                runs.isEmpty() && sure ? next.runs() : runs,
                next.endless() > 0 ? next.waits() : next.sure() ? waits : "",
                nowCosts);
    }

    PatternPart or(PatternPart other) {
        return new PatternPart(
                empty || other.empty(),
                sure || other.sure(),
                endless + other.endless(),
                costly + other.costly(),
                Math.max(ways, other.ways()),
                "",
                "",
                "");
    }

    /** Gives the same as a group, of which is not told which characters repeat. */
    PatternPart grouped() {
        return new PatternPart(
                empty, sure, endless, costly, ways, "", endless > 0 ? GROUPED : "", costly > 0 ? GROUPED : "");
    }

    /** Gives the same, come fewer or more times within bounds. */
    PatternPart times(int least, int most) {
        return new PatternPart(
                least == 0 || empty,
                least == 0 || sure,
                endless,
                costly,
                few((long) ways * (most - least + 1)),
                least == 0 ? "" : runs,
                waits,
                costs);
    }

    /** Gives the same where it is known to give back no more than one character. */
    PatternPart cheap() {
        return new PatternPart(empty, sure, endless, costly, ways, runs, waits, "");
    }

    boolean repeats() {
        return endless + costly > 0 || ways > 1;
    }

    /** Counts how often a long run of characters may be gone through from one place. */
    int steps() {
        return costly * ways;
    }

    /** Says whether it takes a run of characters to its end from wherever in it, whatever follows. */
    boolean takes(String characters) {
        return costs.isEmpty() && runs.equals(characters);
    }

    private static int few(long ways) {
        if (ways > MOST_WAYS) {
            throw new PatternRefused("can match in too many ways");
        }
        return (int) ways;
    }
}
