package dev.littoral.scheduler.kafka;

import dev.littoral.scheduler.bounds.Count;
import dev.littoral.scheduler.bounds.Time;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.OptionalLong;

/** Settings of the path through Kafka, prefix {@code littoral.kafka}. */
@ConfigMapping(prefix = "littoral.kafka")
public interface KafkaSettings {

    /** Requests that run or wait for a slot at once, fewer than may wait for slots, at most 512. */
    @WithDefault("128")
    @WithConverter(Count.InFlight.class)
    int maxInFlight();

    /** Longest value of a request record, in bytes; a longer one becomes a dead letter. */
    @WithDefault("1048576")
    @WithConverter(Count.OneOrMore.class)
    int maxRequestBytes();

    /** Time after which a request that names no deadline is given up, from its arrival. */
    @WithDefault("30m")
    @WithConverter(Time.Span.class)
    Duration deadline();

    /** Longest wait for a slot before the final NO_CAPACITY. */
    @WithDefault("10m")
    @WithConverter(Time.Wait.class)
    Duration patience();

    /** Bytes of requests that run or wait for a slot at once, and as many of those read ahead. Absent: by the heap. */
    @WithConverter(Count.LongIfAnyOneOrMore.class)
    OptionalLong maxHeldBytes();

    /**
     * Whether finals are written in transactions that only the owner of their partition can commit. Without, a final
     * comes some milliseconds sooner, and a scheduler that was taken for dead may write a second one.
     */
    @WithDefault("true")
    boolean fencedFinals();

    /**
     * Finished requests that are remembered, so that a request sent twice is answered once: of each of the n partitions
     * that this scheduler has, at least an n-th. Each takes 210 bytes of the heap with an id of 36 characters.
     */
    @WithDefault("40000")
    @WithConverter(Count.OneOrMore.class)
    int rememberedIds();

    /** Wait before a response that the broker did not take is sent again. */
    @WithDefault("1s")
    @WithConverter(Time.Interval.class)
    Duration resendAfter();

    /** Longest wait at start for the topics to be there; their creation goes on behind. */
    @WithDefault("3s")
    @WithConverter(Time.Wait.class)
    Duration topicWait();

    /** Partitions of the topics that are made at start. */
    @WithDefault("4")
    @WithConverter(Count.OneOrMore.class)
    int partitions();

    /** Replicas of the topics that are made at start; -1 is the broker's default. */
    @WithDefault("-1")
    @WithConverter(Count.Replicas.class)
    short replicas();

    /** Longest record that the topics made at start take, in bytes; larger ones are refused to their producer. */
    @WithDefault("16777216")
    @WithConverter(Count.OneOrMore.class)
    int maxRecordBytes();
}
