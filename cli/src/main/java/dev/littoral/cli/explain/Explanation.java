package dev.littoral.cli.explain;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes what a scheduler told as people read it. */
final class Explanation {

    /** Terms of a candidate's cost, and what each is called. */
    private static final List<List<String>> TERMS = List.of(
            List.of("wait_seconds", "wait"),
            List.of("service_seconds", "service"),
            List.of("others_seconds", "others"),
            List.of("congestion_seconds", "congestion"),
            List.of("energy_seconds", "energy"),
            List.of("money_seconds", "money"),
            List.of("accuracy_seconds", "accuracy"),
            List.of("pool_power_seconds", "pool power"),
            List.of("deadline_seconds", "deadline"));

    private final PrintWriter out;

    Explanation(PrintWriter out) {
        this.out = out;
    }

    /** Writes backlogs, promises, and the newest routes. */
    void write(JsonNode told, int mostRoutes) {
        out.println("What waits and runs:");
        Table agents = new Table("DEPLOYMENT", "WAITING", "AGENT", "RUNNING", "FREE", "WORK AHEAD", "A TOKEN");
        for (JsonNode deployment : told.path("backlogs")) {
            if (deployment.path("agents").isEmpty()) {
                agents.row(text(deployment, "of"), text(deployment, "waiting"), "none ready", "", "", "", "");
            }
            for (JsonNode agent : deployment.path("agents")) {
                agents.row(
                        text(deployment, "of"),
                        text(deployment, "waiting"),
                        text(agent, "agent"),
                        text(agent, "running"),
                        text(agent, "free_slots") + " of " + text(agent, "slots"),
                        seconds(agent, "backlog_seconds"),
                        milliseconds(agent, "token_seconds"));
            }
        }
        agents.write(out, "no deployment");
        out.println();
        out.println("What was promised, and what its virtual queue owes:");
        Table promises = new Table("OF", "PROMISE", "BUDGET", "USED", "OWED", "PRICE");
        for (JsonNode promise : told.path("promises")) {
            promises.row(
                    text(promise, "of"),
                    text(promise, "promise"),
                    number(promise, "budget"),
                    number(promise, "used"),
                    number(promise, "owed"),
                    seconds(promise, "price_seconds"));
        }
        promises.write(out, "nothing");
        out.println();
        out.println("Where requests went, the newest first:");
        int written = 0;
        for (JsonNode route : told.path("routes")) {
            if (written++ == mostRoutes) {
                break;
            }
            route(route);
        }
        if (written == 0) {
            out.println("  none yet");
        }
        out.flush();
    }

    private void route(JsonNode route) {
        out.printf(
                Locale.ROOT,
                "  %s  %s  %s -> %s: about %.0f prompt tokens, %.0f answer tokens expected, at most %.0f%s%n",
                text(route, "at").replaceFirst("\\.\\d+Z", "Z"),
                text(route, "request"),
                text(route, "deployment"),
                text(route, "agent"),
                route.path("prompt_tokens").asDouble(),
                route.path("expected_tokens").asDouble(),
                route.path("upper_tokens").asDouble(),
                route.path("owed_seconds").asDouble() > 0
                        ? ", its sender is " + seconds(route, "owed_seconds") + " beyond its share"
                        : "");
        for (JsonNode candidate : route.path("candidates")) {
            List<String> terms = new ArrayList<>();
            for (List<String> term : TERMS) {
                if (candidate.path(term.getFirst()).asDouble() != 0) {
                    terms.add(term.getLast() + " " + seconds(candidate, term.getFirst()));
                }
            }
            out.printf(
                    "    %-24s %s = %s%s%n",
                    text(candidate, "agent"),
                    seconds(candidate, "total_seconds"),
                    terms.isEmpty() ? "0" : String.join(" + ", terms),
                    candidate.path("free").asBoolean() ? "" : "; no slot is free");
        }
    }

    private static String seconds(JsonNode of, String field) {
        return String.format(Locale.ROOT, "%.3g s", of.path(field).asDouble());
    }

    private static String milliseconds(JsonNode of, String field) {
        return String.format(Locale.ROOT, "%.3g ms", 1000 * of.path(field).asDouble());
    }

    private static String number(JsonNode of, String field) {
        return String.format(Locale.ROOT, "%.4g", of.path(field).asDouble());
    }

    /** What comes from elsewhere must not steer the terminal. */
    private static String text(JsonNode of, String field) {
        return of.path(field).asText("").replaceAll("[\\p{Cc}\\p{Cf}]", " ");
    }
}
