package dev.littoral.e2e.contract;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces what differs from run to run: ages, times, uids, resource versions, generated suffixes, the order of errors.
 *
 * <p>Lines of client-go's log are left out: whether its watch or its deadline ends first is a race inside kubectl.
 */
final class SteadyText {

    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
    private static final Pattern UID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern VERSION =
            Pattern.compile("(\"resourceVersion\": ?|resourceVersion: |Resource Version: +)\"?\\d+\"?");
    private static final Pattern GENERATED = Pattern.compile("\\bgenerated-[bcdfghjklmnpqrstvwxz2456789]{5}\\b");
    private static final Pattern LOG =
            Pattern.compile("[IWEF]\\d{4} \\d\\d:\\d\\d:\\d\\d\\.\\d+ +\\d+ \\S+\\.go:\\d+] ");
    private static final Pattern AGE_COLUMN = Pattern.compile("\\b(AGE|LAST SEEN|Age)\\b");
    private static final Pattern AGE_OR_HEADER = Pattern.compile(
            "^(?:(AGE|LAST SEEN|Age|----)|(?:\\d+[smhdy]){1,2}( \\(x\\d+ over (\\d+[smhdy]){1,2}\\))?) *");
    private static final Pattern AGES_OF_EVENTS = Pattern.compile("\\s*Type\\s+Reason\\s+Age\\s+From\\s+Message");

    private SteadyText() {}

    static List<String> of(List<String> lines) {
        List<String> steady = new ArrayList<>();
        int errors = 0;
        Optional<Column> ages = Optional.empty();
        for (String line : lines) {
            if (LOG.matcher(line).lookingAt()) {
                continue;
            }
            ages = ageColumn(line).or(keep(ages));
            steady.add(steadyLine(ages.map(column -> column.steady(line)).orElse(line)));
            errors = line.startsWith("* ") ? errors + 1 : 0;
            // The server finds the errors of an object in the order of a hash map.
            steady.subList(steady.size() - errors, steady.size()).sort(Comparator.naturalOrder());
        }
        return steady;
    }

    private static Supplier<Optional<Column>> keep(Optional<Column> column) {
        return () -> column;
    }

    private static String steadyLine(String line) {
        String text = TIME.matcher(line).replaceAll("<time>");
        text = UID.matcher(text).replaceAll("<uid>");
        text = VERSION.matcher(text).replaceAll("$1<version>");
        return GENERATED.matcher(text).replaceAll("generated-<suffix>");
    }

    private static Optional<Column> ageColumn(String line) {
        boolean header = line.strip().equals(line.strip().toUpperCase(Locale.ROOT))
                || AGES_OF_EVENTS.matcher(line).matches();
        Matcher matcher = AGE_COLUMN.matcher(line);
        return header && matcher.find() ? Optional.of(new Column(matcher.start())) : Optional.empty();
    }

    /** Knows where the ages of a table start; the width of their column depends on them. */
    private record Column(int start) {

        String steady(String line) {
            if (line.length() <= start) {
                return line;
            }
            String ages = AGE_OR_HEADER.matcher(line.substring(start)).replaceFirst(SteadyText::named);
            return line.substring(0, start) + ages.stripTrailing();
        }
    }

    private static String named(MatchResult match) {
        return match.group(1) == null ? "<age> " : match.group(1) + " ";
    }
}
