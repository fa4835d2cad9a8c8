package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.routing.AgentSnapshot;
import dev.littoral.algorithms.routing.ServiceFit;
import dev.littoral.algorithms.routing.ServiceTimes;
import dev.littoral.algorithms.routing.Tariff;
import dev.littoral.algorithms.routing.WaitingRequest;
import dev.littoral.scheduler.directory.AgentRef;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One agent as this scheduler sees it. Guarded by the fleet's lock. */
final class AgentState {

    private static final long FIRST_COOL_DOWN_NANOS = 20_000_000;
    private static final int MOST_DOUBLINGS = 5;

    /** Refusals in a row from which on nobody waits for the agent while others are there. */
    private static final int REFUSALS_OF_A_LIAR = 3;

    /** An agent that slows down is noticed within twice this. */
    private static final double FIT_HALF_LIFE_SECONDS = 4;

    final AgentRef ref;
    final Set<Lease> leases = new HashSet<>();
    Optional<AgentFacts> facts = Optional.empty();
    final ServiceFit fit = new ServiceFit(FIT_HALF_LIFE_SECONDS);
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

    /** Says whether it claims slots and refuses again and again; asked anew when it has cooled down. */
    boolean refuses(long nanos) {
        return coolDowns >= REFUSALS_OF_A_LIAR && nanos - coolUntilNanos < 0;
    }

    void served() {
        coolDowns = 0;
    }

    boolean usable() {
        return facts.filter(each -> each.ready() && each.slots() > 0).isPresent();
    }

    /** Returns the agent for a decision, with what waits for it; only of a usable agent. */
    AgentSnapshot snapshot(List<WaitingRequest> queue, double slope, long nanos, long reportMaxAgeNanos) {
        AgentFacts known = facts.orElseThrow();
        int own = leases.size();
        boolean stale = nanos - reportedNanos > reportMaxAgeNanos;
        // what was free at the report, less what this scheduler has sent there since
        int left = stale ? known.slots() - own : known.freeSlots() - (own - leasesAtReport);
        int free = nanos - coolUntilNanos < 0 ? 0 : Math.clamp(left, 0, Math.max(0, known.slots() - own));
        ServiceTimes claimed =
                new ServiceTimes(1 / known.prefillTokensPerSecond(), 1 / known.decodeTokensPerSecond(), slope);
        return new AgentSnapshot(
                ref.pod(),
                fit.at(nanos / 1e9, claimed),
                known.slots(),
                free,
                leases.stream().map(Lease::running).toList(),
                queue,
                // an agent's slots have their memory from the start
                Double.POSITIVE_INFINITY,
                Tariff.FREE);
    }
}
