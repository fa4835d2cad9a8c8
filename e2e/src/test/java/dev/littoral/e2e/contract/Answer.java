package dev.littoral.e2e.contract;

import java.util.List;

/**
 * Holds what a command answered.
 *
 * @param stdout lines without trailing blanks, and without blank lines at the end
 * @param stderr the same of stderr
 * @param exit the exit status
 */
record Answer(List<String> stdout, List<String> stderr, int exit) {

    /** Gives the answer as a transcript has it: stderr behind {@code "! "}, an exit status but 0 behind {@code "? "}. */
    String transcribed() {
        StringBuilder text = new StringBuilder();
        stdout.forEach(line -> text.append(line).append('\n'));
        stderr.forEach(line -> text.append(("! " + line).stripTrailing()).append('\n'));
        if (exit != 0) {
            text.append("? ").append(exit).append('\n');
        }
        return text.toString();
    }

    /** Replaces what differs from run to run. */
    Answer steady() {
        return new Answer(SteadyText.of(stdout), SteadyText.of(stderr), exit);
    }
}
