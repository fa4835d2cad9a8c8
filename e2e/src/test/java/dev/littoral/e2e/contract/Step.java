package dev.littoral.e2e.contract;

/** Is one command of a transcript with the answer that belongs to it. */
sealed interface Step {

    /** Gives the comments above the command, each line with its {@code #}. */
    String comment();

    /** Gives the command as it is written. */
    String command();

    /** Gives the answer that is expected, as {@link Answer#transcribed()} writes it. */
    String expected();

    /** Runs to its end before the next step starts. */
    record Run(String comment, String command, String expected) implements Step {}

    /** Runs beside the steps that follow, and is stopped and compared at the end. */
    record Watch(String comment, String command, String expected) implements Step {}

    /** Is run again and again until it gives the answer that is expected. */
    record Await(String comment, String command, String expected) implements Step {}

    /** Gives the same step with another answer. */
    default Step expecting(String answer) {
        return switch (this) {
            case Run run -> new Run(run.comment, run.command, answer);
            case Watch watch -> new Watch(watch.comment, watch.command, answer);
            case Await until -> new Await(until.comment, until.command, answer);
        };
    }

    /** Gives the step as a transcript has it. */
    default String transcribed() {
        String sign = switch (this) {
            case Run _ -> "$ ";
            case Watch _ -> "& ";
            case Await _ -> "~ ";
        };
        return comment() + sign + command() + "\n" + expected();
    }
}
