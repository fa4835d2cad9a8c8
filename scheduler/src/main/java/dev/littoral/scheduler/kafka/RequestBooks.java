package dev.littoral.scheduler.kafka;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Holds the books of the partitions of requests that are this scheduler's. */
@Singleton
class RequestBooks {

    private final Map<Integer, PartitionBook> byPartition = new ConcurrentHashMap<>();

    void open(int partition, PartitionBook book) {
        byPartition.put(partition, book);
    }

    Optional<PartitionBook> of(int partition) {
        return Optional.ofNullable(byPartition.get(partition));
    }

    Optional<PartitionBook> remove(int partition) {
        return Optional.ofNullable(byPartition.remove(partition));
    }

    Map<Integer, PartitionBook> all() {
        return Map.copyOf(byPartition);
    }
}
