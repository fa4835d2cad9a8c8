package dev.littoral.operator.status;

import dev.littoral.crds.Condition;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SequencedMap;

/** Turns verdicts into conditions, keeping the transition time of each whose status stays. */
public final class Conditions {

    /** The condition that every kind has. */
    public static final String READY = "Ready";

    private final Clock clock;

    /** Takes the time of changes from {@code clock}. */
    public Conditions(Clock clock) {
        this.clock = clock;
    }

    /**
     * Writes one condition for each verdict, in their order.
     *
     * @param before the conditions as they stand
     * @param generation the generation of the spec that the verdicts are about
     * @param verdicts by condition type
     */
    public List<Condition> after(List<Condition> before, long generation, SequencedMap<String, Verdict> verdicts) {
        return verdicts.entrySet().stream()
                .map(entry -> condition(before, generation, entry.getKey(), entry.getValue()))
                .toList();
    }

    private Condition condition(List<Condition> before, long generation, String type, Verdict verdict) {
        String status = verdict.holds() ? "True" : "False";
        String since = before.stream()
                .filter(seen -> seen.type().equals(type) && seen.status().equals(status))
                .map(Condition::lastTransitionTime)
                .findFirst()
                .orElseGet(this::now);
        return new Condition(type, status, generation, since, verdict.reason().name(), verdict.message());
    }

    /** Gives the time as conditions write it. */
    public String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
