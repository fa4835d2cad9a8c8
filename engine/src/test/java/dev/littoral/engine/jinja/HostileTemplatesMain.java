package dev.littoral.engine.jinja;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Renders the hostile templates in a process of its own, of whose heap a part is in use already. */
final class HostileTemplatesMain {

    private static final int MEBIBYTE = 1 << 20;

    private HostileTemplatesMain() {}

    /** Takes the mebibytes that are in use, the first template, the one after the last, and the most milliseconds of one. */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        byte[][] used = new byte[Integer.parseInt(arguments[0])][MEBIBYTE];
        List<String> templates =
                HostileTemplates.all().subList(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        Duration maxTime = Duration.ofMillis(Long.parseLong(arguments[3]));
        for (String template : templates) {
            String outcome = HostileTemplates.outcome(template, maxTime);
            if (!outcome.isEmpty()) {
                out.println("BAD " + outcome);
            }
        }
        out.println("ENDED " + templates.size() + " with " + used.length + " MiB in use");
    }
}
