package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.routing.AgentSnapshot;
import dev.littoral.algorithms.routing.PrefixMemory;
import dev.littoral.algorithms.routing.PromptPrefix;
import dev.littoral.algorithms.routing.RunningAnswer;
import dev.littoral.algorithms.routing.ServiceFit;
import dev.littoral.algorithms.routing.ServiceTimes;
import dev.littoral.algorithms.routing.Tariff;
import dev.littoral.algorithms.routing.WaitingRequest;
import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.promises.AgentMeter;
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
    final PrefixMemory prefixes = new PrefixMemory();
    private final Reading reading = new Reading(fit);
    int failures;
    /** Whether it is unready only since it did not answer of late. */
    boolean awaited;

    private long reportedNanos;
    private int leasesAtReport;
    private long coolUntilNanos;
    private int coolDowns;
    private double meteredSeconds;
    /** Sequences of others that it had when it was asked last. */
    private int others;

    private double busySeconds;
    private double workSeconds;
    private double answerSeconds;
    private double endedTokens;

    AgentState(AgentRef ref) {
        this.ref = ref;
    }

    void report(AgentFacts now, long nanos) {
        facts = Optional.of(now);
        failures = 0;
        reportedNanos = nanos;
        leasesAtReport = leases.size();
    }

    /** Notes what it answered just now: a report that came by way of Kafka is too old to tell whose its sequences are. */
    void described(AgentFacts now, long nanos) {
        tick(nanos / 1e9);
        others = Math.max(0, now.slots() - now.freeSlots() - leases.size());
        report(now, nanos);
    }

    /** Notes that it did not answer: it takes nothing until it describes itself; awaited only if it was there. */
    void leave() {
        others = 0;
        awaited |= facts.filter(AgentFacts::ready).isPresent();
        facts = facts.map(AgentFacts::unready);
    }

    /** Reads the meter, of answers in progress, too. */
    AgentMeter meter(double nowSeconds) {
        tick(nowSeconds);
        double tokens = endedTokens;
        for (Lease lease : leases) {
            tokens += lease.answerTokens();
        }
        return new AgentMeter(ref.pod(), busySeconds, workSeconds, answerSeconds, tokens);
    }

    void took(Lease lease, double slope, long nanos) {
        tick(nanos / 1e9);
        reading.took(
                lease,
                facts.map(known -> usual(known, slope, nanos).prefill(lease.unheldTokens()))
                        .orElse(0.0));
        leases.add(lease);
    }

    boolean gaveBack(Lease lease, double nowSeconds) {
        tick(nowSeconds);
        boolean held = leases.remove(lease);
        reading.ended(lease, nowSeconds);
        endedTokens += held ? lease.answerTokens() : 0;
        return held;
    }

    private void tick(double nowSeconds) {
        double past = Math.max(0, nowSeconds - meteredSeconds);
        int own = leases.size();
        busySeconds += own + others > 0 ? past : 0;
        workSeconds += own > 0 ? past * own / (own + others) : 0;
        answerSeconds += leases.size() * past;
        meteredSeconds = nowSeconds;
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

    /** Notes that it has read a prompt, which is held from now on, and written so many tokens. */
    void read(Lease lease, int tokens, double slope, long nanos) {
        double now = nanos / 1e9;
        // the first token comes of reading, and some may come in one piece with it
        double written = facts.map(known ->
                        Math.max(0, tokens - 1) * usual(known, slope, nanos).perToken(leases.size()))
                .orElse(0.0);
        double from = reading.since(lease);
        reading.read(lease, now, written);
        lease.observeFrom(now);
        for (Lease each : leases) {
            if (!each.equals(lease)) {
                each.stoodStill(from, now - written);
            }
        }
        prefixes.remember(lease.request().prefix(), facts.map(AgentFacts::slots).orElse(1));
    }

    /** Returns how fast it is by what it was seen to do, and by what it is late with. */
    private ServiceTimes times(AgentFacts known, double slope, long nanos) {
        double now = nanos / 1e9;
        ServiceTimes usual = usual(known, slope, nanos);
        ServiceFit late = fit.copy();
        double stillUntil = reading.expectedEnd();
        boolean any = reading.late(late, now);
        for (Lease lease : leases) {
            any |= lease.late(late, now, stillUntil, usual.perToken(leases.size()), leases.size());
        }
        return any ? late.at(now, claimed(known, slope)) : usual;
    }

    private ServiceTimes usual(AgentFacts known, double slope, long nanos) {
        return fit.at(nanos / 1e9, claimed(known, slope));
    }

    private static ServiceTimes claimed(AgentFacts known, double slope) {
        return new ServiceTimes(1 / known.prefillTokensPerSecond(), 1 / known.decodeTokensPerSecond(), slope);
    }

    private List<RunningAnswer> running(long nanos, ServiceTimes times) {
        RunningAnswer[] running = new RunningAnswer[leases.size()];
        int next = 0;
        for (Lease lease : leases) {
            running[next++] = lease.running(lease.read() ? 0 : reading.leftTokens(lease, nanos / 1e9, times));
        }
        return List.of(running);
    }

    /** Returns the agent for a decision, with what waits for it; only of a usable agent. */
    AgentSnapshot snapshot(
            List<WaitingRequest> queue, double slope, long nanos, long reportMaxAgeNanos, Tariff tariff) {
        AgentFacts known = facts.orElseThrow();
        int own = leases.size();
        boolean stale = nanos - reportedNanos > reportMaxAgeNanos;
        // what was free at the report, less what this scheduler has sent there since
        int left = stale ? known.slots() - own : known.freeSlots() - (own - leasesAtReport);
        int free = nanos - coolUntilNanos < 0 ? 0 : Math.clamp(left, 0, Math.max(0, known.slots() - own));
        ServiceTimes times = times(known, slope, nanos);
        return new AgentSnapshot(
                ref.pod(),
                times,
                known.slots(),
                free,
                running(nanos, times),
                queue,
                freeTokens(known),
                tariff,
                this::heldTokens);
    }

    /** Returns the room of its KV cache that no answer is expected to fill; slots with room of their own need none. */
    private double freeTokens(AgentFacts known) {
        if (known.kvTokens() == 0) {
            return Double.POSITIVE_INFINITY;
        }
        double reserved = 0;
        for (Lease lease : leases) {
            reserved += known.contextTokens() > 0
                    ? Math.min(known.contextTokens(), lease.reservedTokens())
                    : lease.reservedTokens();
        }
        return Math.max(0, known.kvTokens() - reserved);
    }

    /** Returns the tokens of a prompt that it has to read, at least one. */
    double unheldTokens(WaitingRequest request) {
        return request.prefix().blocks() == 0
                ? request.promptTokens()
                : Math.max(1, request.promptTokens() - heldTokens(request));
    }

    private double heldTokens(WaitingRequest request) {
        PromptPrefix prefix = request.prefix();
        return request.promptTokens() * prefixes.charactersHeld(prefix) / Math.max(1, prefix.characters());
    }
}
