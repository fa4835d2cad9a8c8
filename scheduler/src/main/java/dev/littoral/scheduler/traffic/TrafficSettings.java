package dev.littoral.scheduler.traffic;

import dev.littoral.scheduler.bounds.Time;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of what a deployment's status says of its traffic, prefix {@code littoral.traffic}. */
@ConfigMapping(prefix = "littoral.traffic")
public interface TrafficSettings {

    /** How often schedulers tell each other, and at most how often a status is written. */
    @WithDefault("2s")
    @WithConverter(Time.Interval.class)
    Duration interval();

    /** Span over which tokens per second are counted. */
    @WithDefault("10s")
    @WithConverter(Time.Span.class)
    Duration window();
}
