package dev.littoral.scheduler.length;

import dev.littoral.scheduler.bounds.Count;
import dev.littoral.scheduler.bounds.Time;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the prediction of lengths, prefix {@code littoral.length}. */
@ConfigMapping(prefix = "littoral.length")
public interface LengthSettings {

    /** Whether prompts are read; without it lengths come from a histogram per deployment. */
    @WithDefault("true")
    boolean encoder();

    /** Longest that a request waits for its prompt to be read. */
    @WithDefault("20ms")
    @WithConverter(Time.Wait.class)
    Duration deadline();

    /** Threads that read prompts, one prompt each at a time. */
    @WithDefault("1")
    @WithConverter(Count.Threads.class)
    int threads();

    /** Prompts that may wait to be read; beyond it a request goes on without. */
    @WithDefault("32")
    @WithConverter(Count.OneOrMore.class)
    int maxWaiting();

    /** Prompts that are remembered as read. */
    @WithDefault("1024")
    @WithConverter(Count.OneOrMore.class)
    int rememberedPrompts();

    /** Answers that may have no more tokens than this are taken to be of usual length, and their prompts are not read. */
    @WithDefault("16")
    @WithConverter(Count.ZeroOrMore.class)
    int shortAnswerTokens();

    /** Time for which a deployment must be gone before what was learned of it is forgotten, here and in the topic. */
    @WithDefault("1h")
    @WithConverter(Time.Lasting.class)
    Duration forgetAfter();
}
