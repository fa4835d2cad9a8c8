package dev.littoral.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.crds.Condition;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConditionsTest {

    private static final Condition BEFORE =
            new Condition("Ready", "False", 1L, "2026-01-01T00:00:00Z", "Waiting", "it waits");

    private final Conditions conditions =
            new Conditions(Clock.fixed(Instant.parse("2026-02-02T02:02:02.5Z"), ZoneOffset.UTC));

    private enum Why implements Reason {
        Done,
        Broken
    }

    @Test
    void anotherReasonKeepsTheTimeSinceWhichTheStatusStands() {
        assertThat(after(Verdict.no(Why.Broken, "it broke")))
                .containsExactly(new Condition("Ready", "False", 2L, "2026-01-01T00:00:00Z", "Broken", "it broke"));
    }

    @Test
    void anotherStatusTakesTheTimeOfTheClockInWholeSeconds() {
        assertThat(after(Verdict.yes(Why.Done, "it works")))
                .containsExactly(new Condition("Ready", "True", 2L, "2026-02-02T02:02:02Z", "Done", "it works"));
    }

    private List<Condition> after(Verdict verdict) {
        return conditions.after(List.of(BEFORE), 2, new LinkedHashMap<>(Map.of("Ready", verdict)));
    }
}
