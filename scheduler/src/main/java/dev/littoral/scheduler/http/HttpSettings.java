package dev.littoral.scheduler.http;

import dev.littoral.scheduler.bounds.Count;
import dev.littoral.scheduler.bounds.Time;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Settings of the OpenAI endpoint, prefix {@code littoral.http}. */
@ConfigMapping(prefix = "littoral.http")
public interface HttpSettings {

    /** Longest body that is taken, in bytes; a longer one is answered with 413. */
    @WithDefault("1048576")
    @WithConverter(Count.OneOrMore.class)
    int maxBodyBytes();

    /** Bytes of bodies of all requests that are held at once; beyond it requests are answered with 429. */
    @WithDefault("16777216")
    @WithConverter(Count.LongOneOrMore.class)
    long maxHeldBytes();

    /** Time after which a request that names no deadline is given up. */
    @WithDefault("10m")
    @WithConverter(Time.Span.class)
    Duration deadline();

    /** Longest wait for a slot before 503. */
    @WithDefault("30s")
    @WithConverter(Time.Wait.class)
    Duration patience();

    /** Longest time for which a reader may take nothing of a stream. */
    @WithDefault("30s")
    @WithConverter(Time.Span.class)
    Duration readerPatience();

    /** Answers to requests with an Idempotency-Key that are remembered. */
    @WithDefault("1000")
    @WithConverter(Count.ZeroOrMore.class)
    int rememberedKeys();

    /** Bytes of these answers as they are sent, over all of them; a longer one is not remembered. */
    @WithDefault("8388608")
    @WithConverter(Count.LongZeroOrMore.class)
    long rememberedBytes();

    /** Time for which they are remembered. */
    @WithDefault("1h")
    @WithConverter(Time.Wait.class)
    Duration rememberedFor();

    /** File that the port is written to once it is open; LITTORAL_PORT_FILE. */
    Optional<Path> portFile();
}
