package dev.littoral.scheduler.peers;

import dev.littoral.scheduler.bounds.Count;
import dev.littoral.scheduler.bounds.Time;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of what schedulers tell each other, prefix {@code littoral.peers}. */
@ConfigMapping(prefix = "littoral.peers")
public interface PeerSettings {

    /** How often what waits here is told, while something does and others are there. */
    @WithDefault("250ms")
    @WithConverter(Time.Interval.class)
    Duration interval();

    /** How old what another one told may be, from when it was heard. */
    @WithDefault("1s")
    @WithConverter(Time.Span.class)
    Duration maxAge();

    /** Requests that are listed at most; the others are counted. */
    @WithDefault("128")
    @WithConverter(Count.Listed.class)
    int mostRequests();
}
