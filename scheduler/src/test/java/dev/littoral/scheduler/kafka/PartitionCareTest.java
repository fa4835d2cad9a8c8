package dev.littoral.scheduler.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.protocol.events.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartitionCareTest {

    private static final TopicPartition FIRST = new TopicPartition(Topics.REQUESTS, 0);
    private static final TopicPartition SECOND = new TopicPartition(Topics.REQUESTS, 1);
    private static final Node BROKER = new Node(0, "localhost", 9092);
    private static final Optional<Uuid> THIS = Optional.of(new Uuid(1, 2));

    private final Client client = new Client();
    private final RequestBooks books = new RequestBooks();
    private final OnceOnly onceOnly = new OnceOnly(new HandlerRig.Settings());
    private final Topic topic = new Topic();
    private final Answers answers = new Answers();
    private final Writer writer = new Writer();
    private final List<String> begun = new ArrayList<>();
    private final PartitionCare care = new PartitionCare(
            books,
            topic,
            new FinalsMending(onceOnly, new FinalsBehind(answers)),
            (partitions, occasion) -> begun.add(occasion + " " + partitions));

    @BeforeEach
    void letThereBeTopics() {
        client.assign(List.of(FIRST, SECOND));
        client.updatePartitions(Topics.REQUESTS, partitions(Topics.REQUESTS));
        client.updatePartitions(Topics.RESPONSES, partitions(Topics.RESPONSES));
        open(FIRST);
        open(SECOND);
    }

    @Test
    void whatIsAsItShouldBeIsLeftAlone() {
        care.look(client);

        assertThat(begun).isEmpty();
        assertThat(writer.fenced).isZero();
    }

    @Test
    void aFenceThatEndsInAnErrorIsTriedAgain() {
        writer.writes = false;
        writer.errors = 1;
        books.remove(1);
        care.look(client);
        assertThat(writer.writes).isFalse();

        care.look(client);

        assertThat(writer.writes).isTrue();
        assertThat(writer.fenced).isEqualTo(2);
    }

    @Test
    void anErrorOfOneDoesNotKeepTheOthersFromBeingMended() {
        writer.writes = false;
        Writer struck = new Writer();
        struck.writes = false;
        struck.errors = 1;
        books.open(0, book(FIRST, struck));

        care.look(client);

        assertThat(struck.writes).isFalse();
        assertThat(writer.writes).isTrue();
    }

    @Test
    void finalsThatAreThereAreNotWrittenAgainAndAreKnown() {
        writer.writes = false;
        answers.finals = Map.of("r", "digest");

        care.look(client);

        assertThat(writer.ended).isEqualTo(Set.of("r"));
        assertThat(onceOnly.begin("r", "digest", OnceOnly.Run.begin(0))).isInstanceOf(OnceOnly.Start.Again.class);
    }

    @Test
    void thePartitionOfAnotherSchedulerIsNotFenced() {
        writer.writes = false;
        client.refusal = Optional.of(new CommitFailedException("a test's own"));

        care.look(client);

        assertThat(writer.fenced).isZero();
        assertThat(writer.writes).isFalse();
    }

    @Test
    void aPartitionWithoutABookIsTaken() {
        books.remove(1);

        care.look(client);

        assertThat(begun).containsExactly("OVERLOOKED [" + SECOND + "]");
    }

    @Test
    void partitionsOfATopicThatWasMadeAnewAreBegunAnew() {
        topic.id = Optional.of(new Uuid(3, 4));

        care.look(client);

        assertThat(begun).containsExactly("MADE_ANEW " + List.copyOf(client.assignment()));
    }

    @Test
    void aTopicOfWhichNothingIsToldIsTheSame() {
        topic.id = Optional.empty();

        care.look(client);

        assertThat(begun).isEmpty();
    }

    private void open(TopicPartition partition) {
        books.open(partition.partition(), book(partition, writer));
    }

    private static PartitionBook book(TopicPartition partition, FinalsWriter writer) {
        PartitionBook.Tenure tenure = new PartitionBook.Tenure(partition.partition(), partition.partition(), 0);
        return new PartitionBook(tenure, Progress.startingAt(0).in(THIS), 0, writer);
    }

    private static List<PartitionInfo> partitions(String topic) {
        Node[] all = {BROKER};
        return List.of(new PartitionInfo(topic, 0, BROKER, all, all), new PartitionInfo(topic, 1, BROKER, all, all));
    }

    private static final class Client extends MockConsumer<byte[], byte[]> {

        private Optional<RuntimeException> refusal = Optional.empty();

        Client() {
            super("earliest");
        }

        @Override
        public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
            refusal.ifPresent(each -> {
                throw each;
            });
            super.commitSync(offsets);
        }
    }

    private static final class Topic extends RequestsTopic {

        private Optional<Uuid> id = THIS;

        Topic() {
            super(new LastingAdmin(Map.of()));
        }

        @Override
        Optional<Uuid> known() {
            return id;
        }
    }

    private static final class Answers extends FinalsTail {

        private Map<String, String> finals = Map.of();

        Answers() {
            super(Map.of());
        }

        @Override
        Map<String, String> idsFrom(TopicPartition partition, long from, Duration patience, Duration age) {
            return finals;
        }
    }

    private static final class Writer implements FinalsWriter {

        private boolean writes = true;
        private int errors;
        private int fenced;
        private Set<String> ended = Set.of();

        @Override
        public CompletableFuture<OptionalLong> write(String requestId, List<Publisher.Outgoing> last) {
            throw new UnsupportedOperationException("nothing is written here");
        }

        @Override
        public void fence() {
            fenced++;
            if (errors-- > 0) {
                throw new OutOfMemoryError("a test's own");
            }
        }

        @Override
        public void resume(Set<String> found) {
            ended = found;
            writes = true;
        }

        @Override
        public boolean writes() {
            return writes;
        }

        @Override
        public void close() {}
    }
}
