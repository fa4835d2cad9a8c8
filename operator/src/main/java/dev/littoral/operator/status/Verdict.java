package dev.littoral.operator.status;

/**
 * What a condition should say.
 *
 * @param holds whether the condition is true
 * @param reason why, in one word
 * @param message why, for people
 */
public record Verdict(boolean holds, Reason reason, String message) {

    /** Says that a condition holds. */
    public static Verdict yes(Reason reason, String message) {
        return new Verdict(true, reason, message);
    }

    /** Says that a condition does not hold. */
    public static Verdict no(Reason reason, String message) {
        return new Verdict(false, reason, message);
    }
}
