package dev.littoral.agent.settings;

import io.quarkus.runtime.configuration.DurationConverter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks single settings and collects what is wrong with them. */
abstract class SettingChecks {

    static final int MOST_CONTEXT_TOKENS = 1 << 20;
    static final int MOST_SLOTS = 1024;

    private static final int MOST_UNREAD_BYTES = 1 << 24;
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    final List<String> problems = new ArrayList<>();

    final String pod(AgentConfig config) {
        return text("LITTORAL_POD", config.pod(), "the pod's name (downward API, metadata.name)");
    }

    final String node(AgentConfig config) {
        return text("LITTORAL_NODE", config.node(), "the node's name (downward API, spec.nodeName)");
    }

    final String bind(AgentConfig config) {
        return text("LITTORAL_BIND", Optional.of(config.bind()), "the pod's address (downward API, status.podIP)");
    }

    final int grpcPort(AgentConfig config) {
        return number("LITTORAL_GRPC_PORT", Optional.of(config.grpcPort()), 0, 65_535);
    }

    final String plan(AgentConfig config) {
        return text("LITTORAL_PLAN", config.plan(), "the plan's id");
    }

    final String model(AgentConfig config) {
        return text("LITTORAL_MODEL", config.model(), "the name under which the model is served");
    }

    final AgentSettings.Limits limits(AgentConfig.Limits limits) {
        return new AgentSettings.Limits(
                number("LITTORAL_LIMITS_PREFILL_ROWS", Optional.of(limits.prefillRows()), 1, MOST_CONTEXT_TOKENS),
                time("LITTORAL_LIMITS_IDLE", limits.idle()),
                time("LITTORAL_LIMITS_STALLED_READER", limits.stalledReader()),
                time("LITTORAL_LIMITS_STEP", limits.step()),
                time("LITTORAL_LIMITS_DRAIN", limits.drain()),
                number("LITTORAL_LIMITS_UNREAD_BYTES", Optional.of(limits.unreadBytes()), 1, MOST_UNREAD_BYTES));
    }

    final Duration time(String name, String text) {
        try {
            Duration time = DurationConverter.parseDuration(text.strip());
            if (time != null && time.compareTo(SHORTEST) >= 0 && time.compareTo(LONGEST) <= 0) {
                return time;
            }
        } catch (IllegalArgumentException e) {
            // told below, in the same words as a time out of range
        }
        problems.add(name + " is '" + shown(text) + "': give a time from 1ms to 1d, such as 30s");
        return SHORTEST;
    }

    final String deployment(Optional<String> value) {
        String text = text("LITTORAL_DEPLOYMENT", value, "the deployment as namespace/name");
        if (!text.isEmpty() && !text.matches("[^/\\s]+/[^/\\s]+")) {
            problems.add("LITTORAL_DEPLOYMENT is '" + shown(text) + "': write it as namespace/name");
        }
        return text;
    }

    final int number(String name, Optional<String> value, int least, int most) {
        String text = text(name, value, "a whole number from " + least + " to " + most);
        if (text.isEmpty()) {
            return 0;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below, in the same words as a number out of range
        }
        problems.add(name + " is '" + shown(text) + "': give a whole number from " + least + " to " + most);
        return least;
    }

    final Path path(String name, Optional<String> value, String meaning) {
        String text = text(name, value, meaning);
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            problems.add(name + " is no path: give " + meaning);
            return Path.of("");
        }
    }

    final String text(String name, Optional<String> value, String meaning) {
        String text = value.map(String::strip).orElse("");
        if (text.isEmpty()) {
            problems.add(name + " is not set: give " + meaning);
        }
        return text;
    }

    static String shown(String word) {
        return word.length() <= 64 ? word : word.substring(0, 64) + "…";
    }
}
