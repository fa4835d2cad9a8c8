package dev.littoral.scheduler.promises;

import dev.littoral.scheduler.bounds.Amount;
import dev.littoral.scheduler.bounds.Count;
import dev.littoral.scheduler.bounds.Time;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of long-term promises, prefix {@code littoral.promises}. */
@ConfigMapping(prefix = "littoral.promises")
public interface PromiseSettings {

    /** Seconds of delay that a joule is worth whatever was promised; auto for the price of the promises alone. */
    @WithDefault("auto")
    String v();

    /** Debt, in answer tokens' budgets, that makes one token's budget cost as much as one token's usual time. */
    @WithDefault("250")
    @WithConverter(Amount.AboveZero.class)
    double patienceTokens();

    /** Debt, in the pool's budget over this time, that makes a second of an agent's work cost a second more. */
    @WithDefault("1m")
    @WithConverter(Time.Span.class)
    Duration poolPatience();

    /** Bits per weight below which a variant counts as one with few. */
    @WithDefault("8")
    @WithConverter(Count.Bits.class)
    int fullBits();

    /** How often the agents' meters are read. */
    @WithDefault("500ms")
    @WithConverter(Time.Interval.class)
    Duration interval();
}
