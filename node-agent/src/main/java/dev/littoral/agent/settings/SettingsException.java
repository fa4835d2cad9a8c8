package dev.littoral.agent.settings;

import java.util.List;

/** Tells every setting that is wrong at once, each with its name and its cure. */
public final class SettingsException extends RuntimeException {

    private final List<String> problems;

    SettingsException(List<String> problems) {
        super("the agent cannot start with these settings:\n  " + String.join("\n  ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Lists one sentence for each wrong setting. */
    public List<String> problems() {
        return problems;
    }
}
