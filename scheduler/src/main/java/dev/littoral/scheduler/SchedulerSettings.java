package dev.littoral.scheduler;

import dev.littoral.scheduler.bounds.Amount;
import dev.littoral.scheduler.bounds.Count;
import dev.littoral.scheduler.bounds.Time;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of routing, prefix {@code littoral.scheduler}. */
@ConfigMapping(prefix = "littoral.scheduler")
interface SchedulerSettings {

    /** Requests that may wait for a slot at once, over all deployments. */
    @WithDefault("256")
    @WithConverter(Count.OneOrMore.class)
    int maxWaiting();

    /** How requests find their agent. */
    @WithDefault("shortest-first")
    RuleName rule();

    /** Least time between two decisions about a deployment: what comes meanwhile is decided about together. */
    @WithDefault("0ms")
    Duration slot();

    /** Damping of IODCC's first round, above 0 and at most 1. */
    @WithDefault("0.8")
    double iodccDamping();

    /** Most rounds of IODCC per slot. */
    @WithDefault("30")
    int iodccRounds();

    /** Routes per second that are explained at /v1/littoral/routes; 0 for none. */
    @WithDefault("10")
    @WithConverter(Amount.ZeroOrMore.class)
    double explainedPerSecond();

    /** By how much of its time alone each other sequence of an agent lengthens a token, until it is measured. */
    @WithDefault("1")
    @WithConverter(Amount.ZeroOrMore.class)
    double sharing();

    /** How often every agent is asked how it is, and how long its answer may take. */
    @WithDefault("1s")
    @WithConverter(Time.Interval.class)
    Duration describeInterval();

    /** A report older than this no longer says how many slots are free. */
    @WithDefault("5s")
    @WithConverter(Time.Span.class)
    Duration reportMaxAge();

    /** Expected tokens of the answers of a deployment of which none was seen. */
    @WithDefault("100")
    @WithConverter(Amount.Tokens.class)
    double priorAnswerTokens();
}
