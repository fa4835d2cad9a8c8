package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.routing.AgentLoad;
import dev.littoral.algorithms.routing.Work;
import dev.littoral.scheduler.directory.AgentRef;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** One agent as this scheduler sees it. Guarded by the fleet's lock. */
final class AgentState {

    private static final long FIRST_COOL_DOWN_NANOS = 20_000_000;
    private static final int MOST_DOUBLINGS = 5;

    final AgentRef ref;
    final Set<Lease> leases = new HashSet<>();
    Optional<AgentFacts> facts = Optional.empty();
    int failures;

    private long reportedNanos;
    private int leasesAtReport;
    private long coolUntilNanos;
    private int coolDowns;

    AgentState(AgentRef ref) {
        this.ref = ref;
    }

    void report(AgentFacts now, long nanos) {
        facts = Optional.of(now);
        failures = 0;
        reportedNanos = nanos;
        leasesAtReport = leases.size();
    }

    void coolDown(long nanos) {
        coolUntilNanos = nanos + (FIRST_COOL_DOWN_NANOS << Math.min(coolDowns, MOST_DOUBLINGS));
        coolDowns++;
    }

    void served() {
        coolDowns = 0;
    }

    boolean usable() {
        return facts.filter(each -> each.ready() && each.slots() > 0).isPresent();
    }

    /** Returns the load for a decision about {@code work}; only of a usable agent. */
    AgentLoad load(Work work, long nanos, long reportMaxAgeNanos) {
        AgentFacts known = facts.orElseThrow();
        int own = leases.size();
        boolean stale = nanos - reportedNanos > reportMaxAgeNanos;
        // what was free at the report, less what this scheduler has sent there since
        int left = stale ? known.slots() - own : known.freeSlots() - (own - leasesAtReport);
        int free = nanos - coolUntilNanos < 0 ? 0 : Math.clamp(left, 0, Math.max(0, known.slots() - own));
        int running = Math.max(own, known.slots() - Math.clamp(left, 0, known.slots()));
        double ownSeconds = leases.stream()
                .mapToDouble(lease -> lease.remainingSeconds(known))
                .sum();
        // of sequences that others have sent there nothing is known: taken to be like this one, half done
        double otherSeconds = (running - own)
                * (work.promptTokens() / known.prefillTokensPerSecond()
                        + work.answerTokens() / known.decodeTokensPerSecond())
                / 2;
        return new AgentLoad(
                ref.pod(),
                free,
                running,
                ownSeconds + otherSeconds,
                known.prefillTokensPerSecond(),
                known.decodeTokensPerSecond());
    }
}
