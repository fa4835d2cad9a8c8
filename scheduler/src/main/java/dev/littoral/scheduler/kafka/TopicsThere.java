package dev.littoral.scheduler.kafka;

import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows the topics that are there. Whoever writes of its own accord asks first: by the mere question where a missing topic
 * lies a producer has the broker make it, with the broker's partitions, retention and without compaction.
 */
@Singleton
public final class TopicsThere {

    private final Set<String> names = ConcurrentHashMap.newKeySet();

    /** Says whether a topic was seen on the broker. */
    public boolean has(String topic) {
        return names.contains(topic);
    }

    /** Notes topics that are there. */
    public void seen(Collection<String> topics) {
        names.addAll(topics);
    }
}
