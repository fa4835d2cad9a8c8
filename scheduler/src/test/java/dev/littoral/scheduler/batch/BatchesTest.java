package dev.littoral.scheduler.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole batches, over topics that do what they should not. */
class BatchesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ENDPOINT = "/v1/completions";
    private static final String LINE = "{\"custom_id\":\"c%d\",\"method\":\"POST\",\"url\":\"" + ENDPOINT
            + "\",\"body\":{\"model\":\"m\",\"prompt\":\"x\"}}";

    private @TempDir Path folder;
    private BatchFiles files;
    private final List<Batches> begun = new ArrayList<>();

    @BeforeEach
    void open() {
        files = new BatchFiles(folder, 1L << 30);
    }

    @AfterEach
    void close() {
        begun.forEach(Batches::close);
    }

    @Test
    void roomOfLinesThatTheBrokerRefusedIsThereAgainWhenTheyAreSentAnew() throws Exception {
        AtomicInteger refusals = new AtomicInteger(IN_FLIGHT);
        Batches batches = over(new FakeTopics(
                true, line -> refusals.getAndDecrement() > 0 ? FakeTopics.refused() : FakeTopics.taken()));

        Batch end = end(batches, begin(batches, upload(40)));

        assertThat(end.status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(end.counts().completed()).isEqualTo(40);
    }

    @Test
    void noMoreThanTheRoomIsAskedAtOnceThoughARunBeforeFailed() throws Exception {
        Set<Integer> refused = new HashSet<>(Set.of(2));
        FakeTopics topics =
                new FakeTopics(false, line -> refused.remove(line) ? FakeTopics.refused() : FakeTopics.taken());
        Batches batches = over(topics);
        Batch batch = begin(batches, upload(40));
        // line 2 a second time: the run that failed has gone on behind it
        await().until(() ->
                topics.asked.stream().filter(each -> each.endsWith("/2")).count() == 2);
        await().during(Duration.ofMillis(300))
                .until(() -> Set.copyOf(topics.asked).size() == IN_FLIGHT);

        topics.asked.stream().distinct().forEach(each -> topics.end(each, "{\"status_code\":200,\"payload\":{}}"));

        await().until(() -> Set.copyOf(topics.asked).size() == 2 * IN_FLIGHT);
        assertThat(batches.find(batch.id()).orElseThrow().counts().completed()).isEqualTo(IN_FLIGHT);
    }

    @Test
    void aLineThatTheTopicNeverTakesIsAnErrorOfThatLine() throws Exception {
        Batches batches = over(new FakeTopics(true, line -> line == 3 ? FakeTopics.never() : FakeTopics.taken()));

        Batch end = end(batches, begin(batches, upload(10)));

        assertThat(end.status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(end.counts()).isEqualTo(new BatchCounts(10, 9, 1, 10));
        assertThat(lines(end.files().output()))
                .extracting(each -> each.path("custom_id").asText())
                .containsExactly("c0", "c1", "c2", "c4", "c5", "c6", "c7", "c8", "c9");
        assertThat(lines(end.files().errors()))
                .singleElement()
                .satisfies(each -> assertThat(each.path("custom_id").asText()).isEqualTo("c3"))
                .satisfies(each -> assertThat(each.path("response").isNull()).isTrue())
                .satisfies(each -> assertThat(each.at("/error/code").asText()).isEqualTo("line_too_long"));
    }

    @Test
    void linesThatTheTopicNeverTakesGiveTheirRoomToOthers() throws Exception {
        Batches batches =
                over(new FakeTopics(true, line -> line < 3 * IN_FLIGHT ? FakeTopics.never() : FakeTopics.taken()));

        Batch end = end(batches, begin(batches, upload(40)));

        assertThat(end.counts()).isEqualTo(new BatchCounts(40, 40 - 3 * IN_FLIGHT, 3 * IN_FLIGHT, 40));
    }

    @Test
    void aLineThatIsLongerThanARequestMayBeIsNamedBeforeAnythingIsSent() throws Exception {
        FakeTopics topics = new FakeTopics(true, line -> FakeTopics.taken());
        topics.maxRequestBytes = LINE.length() + 10;
        Batches batches = over(topics);
        String text = LINE.formatted(0) + "\n\n" + LINE.formatted(1).replace("\"x\"", "\"a long prompt\"");

        Batch end = end(batches, begin(batches, upload(text)));

        assertThat(end.status()).isEqualTo(BatchStatus.FAILED);
        assertThat(end.errors())
                .extracting(BatchInput.Fault::line, BatchInput.Fault::code)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(2, "line_too_long"));
        assertThat(topics.asked).isEmpty();
    }

    @Test
    void anInputIsKeptUntilItsBatchIsOver() throws Exception {
        FakeTopics topics = new FakeTopics(false, line -> FakeTopics.taken());
        Batches batches = over(topics);
        String input = upload(1);
        Batch batch = begin(batches, input);
        await().until(() -> topics.asked.size() == 1);

        assertThat(batches.delete(input)).isEqualTo(new Batches.Deletion.InUse(batch.id()));

        topics.end(batch.id() + "/0", "{\"status_code\":200,\"payload\":{}}");
        assertThat(end(batches, batch).status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(batches.delete(input)).isEqualTo(new Batches.Deletion.Deleted());
        assertThat(batches.delete(input)).isEqualTo(new Batches.Deletion.NotThere());
    }

    @Test
    void aBatchWhoseInputIsLostSaysSoAndCallsItsRequestsBack() throws Exception {
        FakeTopics topics = new FakeTopics(false, line -> FakeTopics.taken());
        Batches before = over(topics);
        String input = upload(2);
        Batch batch = begin(before, input);
        await().until(() -> before.find(batch.id()).orElseThrow().counts().sent() == 2);
        topics.end(batch.id() + "/0", "{\"status_code\":200,\"payload\":{}}");
        before.close();
        Files.delete(files.content(input));

        Batches after = over(topics);
        after.resume();
        Batch end = end(after, batch);

        assertThat(end.status()).isEqualTo(BatchStatus.FAILED);
        assertThat(end.errors())
                .extracting(BatchInput.Fault::code, BatchInput.Fault::param)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("input_file_lost", "input_file_id"));
        assertThat(topics.cancelled).contains(batch.id() + "/1");
    }

    @Test
    void finalsThatAreNoneAreLeftOut() throws Exception {
        FakeTopics topics = new FakeTopics(false, line -> FakeTopics.taken());
        Batches batches = over(topics);
        Batch batch = begin(batches, upload(1));
        await().until(() -> topics.asked.size() == 1);

        for (String line : List.of("", "x", "-1", "1", "00", "99999999999")) {
            topics.end(batch.id() + "/" + line, "{\"status_code\":200,\"payload\":{}}");
        }
        for (String value : List.of("", "{", "[]", "{\"status_code\":\"200\",\"payload\":{}}", "{\"status_code\":7}")) {
            topics.end(batch.id() + "/0", value);
        }
        topics.end(batch.id() + "/0", "{\"status_code\":200,\"payload\":{\"a\":1}}");

        Batch end = end(batches, batch);
        assertThat(end.counts()).isEqualTo(new BatchCounts(1, 1, 0, 1));
        assertThat(lines(end.files().output()))
                .singleElement()
                .satisfies(
                        each -> assertThat(each.at("/response/body/a").asInt()).isEqualTo(1));
    }

    @Test
    void aBatchThatIsCancelledCallsBackWhatIsOpen() throws Exception {
        FakeTopics topics = new FakeTopics(false, line -> FakeTopics.taken());
        Batches batches = over(topics);
        Batch batch = begin(batches, upload(IN_FLIGHT));
        await().until(() -> batches.find(batch.id()).orElseThrow().counts().sent() == IN_FLIGHT);
        topics.end(batch.id() + "/0", "{\"status_code\":200,\"payload\":{}}");

        assertThat(batches.cancel(batch.id()).orElseThrow().status()).isEqualTo(BatchStatus.CANCELLING);

        Batch end = end(batches, batch);
        assertThat(end.status()).isEqualTo(BatchStatus.CANCELLED);
        assertThat(topics.cancelled)
                .containsExactlyElementsOf(IntStream.range(1, IN_FLIGHT)
                        .mapToObj(line -> batch.id() + "/" + line)
                        .toList());
        assertThat(lines(end.files().errors()))
                .hasSize(IN_FLIGHT - 1)
                .allSatisfy(each -> assertThat(each.at("/error/code").asText()).isEqualTo("batch_cancelled"));
    }

    @Test
    void aCrashBeforeItsEndIsWrittenLeavesNoSecondPairOfFiles() throws Exception {
        FakeTopics topics = new FakeTopics(false, line -> FakeTopics.taken());
        Batches before = over(topics);
        Batch batch = begin(before, upload(2));
        await().until(() -> before.find(batch.id()).orElseThrow().counts().sent() == 2);
        Path written = folder.resolve("batches").resolve(batch.id() + ".json");
        byte[] running = Files.readAllBytes(written);
        topics.end(batch.id() + "/0", "{\"status_code\":200,\"payload\":{}}");
        topics.end(batch.id() + "/1", "{\"status_code\":400,\"payload\":{}}");
        Batch first = end(before, batch);
        before.close();
        // its files are there, and that they are was never written
        Files.write(written, running);

        Batches after = over(topics);
        after.resume();
        Batch end = end(after, batch);

        assertThat(end.status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(end.files()).isEqualTo(first.files());
        assertThat(files.all())
                .extracting(BatchFiles.Stored::id)
                .containsExactlyInAnyOrder(
                        batch.order().inputFileId(),
                        end.files().output().orElseThrow(),
                        end.files().errors().orElseThrow());
        assertThat(lines(end.files().output())).hasSize(1);
    }

    @Test
    void finalsThatABatchLeftAtItsEndAreGoneAfterARestart() throws Exception {
        Batches before = over(new FakeTopics(true, line -> FakeTopics.taken()));
        Batch batch = end(before, begin(before, upload(1)));
        await().until(() -> Files.notExists(files.results(batch.id())));
        Files.writeString(files.results(batch.id()), "{}");

        over(new FakeTopics(true, line -> FakeTopics.taken())).resume();

        assertThat(files.results(batch.id())).doesNotExist();
    }

    private static final int IN_FLIGHT = 5;

    private Batches over(FakeTopics topics) {
        Batches batches = new Batches(files, topics, new Settings(), Clock.systemUTC());
        begun.add(batches);
        return batches;
    }

    private String upload(int lines) throws IOException {
        return upload(IntStream.range(0, lines).mapToObj(LINE::formatted).collect(Collectors.joining("\n")));
    }

    private String upload(String text) throws IOException {
        Path input = Files.writeString(files.uploads().resolve("in"), text);
        return files.keep(BatchFiles.newId("file-"), input, "in.jsonl", "batch", 0)
                .id();
    }

    private static Batch begin(Batches batches, String input) throws IOException {
        return batches.create(input, ENDPOINT, "24h", Duration.ofHours(24), Map.of())
                .orElseThrow();
    }

    private static Batch end(Batches batches, Batch batch) {
        return await().atMost(Duration.ofMinutes(1))
                .until(
                        () -> batches.find(batch.id()).orElseThrow(),
                        each -> each.status().over());
    }

    private List<JsonNode> lines(Optional<String> file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String each : Files.readAllLines(files.content(file.orElseThrow()))) {
            lines.add(JSON.readTree(each));
        }
        return lines;
    }

    private record Settings() implements BatchSettings {

        @Override
        public Optional<Path> folder() {
            return Optional.empty();
        }

        @Override
        public long maxFileBytes() {
            return 1 << 20;
        }

        @Override
        public long maxFolderBytes() {
            return 1 << 30;
        }

        @Override
        public int maxRequests() {
            return 1_000;
        }

        @Override
        public int maxRunning() {
            return 8;
        }

        @Override
        public int inFlight() {
            return IN_FLIGHT;
        }

        @Override
        public int priority() {
            return -10;
        }
    }
}
