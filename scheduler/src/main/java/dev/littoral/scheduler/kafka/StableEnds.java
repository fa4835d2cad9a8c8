package dev.littoral.scheduler.kafka;

import java.util.Map;
import java.util.Set;

/** Says up to where readers of what is committed can read partitions of answers. */
@FunctionalInterface
interface StableEnds {

    /**
     * Returns, by partition, the offset in front of which everything can be read: no transaction there is undecided.
     * A partition of which nothing is told in time is left out.
     *
     * @throws org.apache.kafka.common.KafkaException when the broker says nothing of any of them
     */
    Map<Integer, Long> of(Set<Integer> partitions);
}
