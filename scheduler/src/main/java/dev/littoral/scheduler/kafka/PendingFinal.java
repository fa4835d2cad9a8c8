package dev.littoral.scheduler.kafka;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * A final that is to be written, behind the chunks that wait with it.
 *
 * @param id of the request that it ends
 * @param last the records, the final behind the others
 * @param written is told where the final lies
 */
record PendingFinal(String id, List<Publisher.Outgoing> last, CompletableFuture<OptionalLong> written) {

    /** Sends all of it and returns the final's place to be. */
    Future<RecordMetadata> send(Producer<byte[], byte[]> producer, String topic) {
        for (Publisher.Outgoing chunk : last.subList(0, last.size() - 1)) {
            var ignored = producer.send(chunk.to(topic));
        }
        return producer.send(last.getLast().to(topic));
    }
}
