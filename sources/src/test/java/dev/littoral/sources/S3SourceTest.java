package dev.littoral.sources;

import static dev.littoral.sources.HubSourceTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.sources.FakeServer.Fault;
import dev.littoral.sources.Fetcher.Wanted;
import dev.littoral.sources.SourceException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3SourceTest {

    private static final String PATH = "/" + FakeS3.BUCKET + "/llm/tiny/";
    private static final Map<String, String> KEYS =
            Map.of("AWS_ACCESS_KEY_ID", "key", "AWS_SECRET_ACCESS_KEY", "secret");

    private final FakeS3 store = new FakeS3();
    private final Fetcher fetcher = new Fetcher(TestSettings.of(store));

    @TempDir
    private Path cache;

    S3SourceTest() {
        TinyModel.files().forEach((name, bytes) -> store.files.put(PATH + name, bytes));
    }

    @AfterEach
    void stop() {
        fetcher.close();
        store.close();
    }

    @Test
    void aPrefixComesWithoutKeysWhereTheBucketIsOpen() throws IOException {
        assertThat(TinyModel.read(fetch(Map.of()))).containsExactlyInAnyOrderEntriesOf(TinyModel.needed());
        assertThat(store.asked).allMatch(a -> a.authorization().isEmpty());
        assertThat(store.count("GET", "gguf")).isZero();
    }

    @Test
    void requestsAreSignedWithTheKeysOfTheSecret() throws IOException {
        store.needsSignature = true;

        assertThat(TinyModel.read(fetch(KEYS))).containsExactlyInAnyOrderEntriesOf(TinyModel.needed());
        assertRefused(() -> fetch(Map.of()), Reason.SourceDenied, "AWS_ACCESS_KEY_ID");
    }

    @Test
    void theSecretMayNameAnotherStore() throws IOException {
        try (FakeS3 other = new FakeS3()) {
            other.files.putAll(store.files);

            fetch(Map.of("AWS_ENDPOINT_URL", other.url("").toString()));

            assertThat(store.asked).isEmpty();
            assertThat(other.asked).isNotEmpty();
        }
    }

    @Test
    void largeObjectsComeInPartsAndGoOnAfterADrop() throws IOException {
        store.fail(PATH + TinyModel.SHARD_1, new Fault.Drop(100), new Fault.Drop(7000), new Fault.Busy(503, ""));

        assertThat(TinyModel.read(fetch(Map.of()))).containsExactlyInAnyOrderEntriesOf(TinyModel.needed());
        int parts = (TinyModel.bytes(TinyModel.SHARD_1).length + 19_999) / 20_000;
        assertThat(store.count("GET", TinyModel.SHARD_1)).isEqualTo(parts + 3);
    }

    @Test
    void anObjectThatIsReplacedMeanwhileIsNoticed() {
        store.fail(PATH + TinyModel.SHARD_1, new Fault.Busy(412, ""));

        assertRefused(() -> fetch(Map.of()), Reason.SourceChanged, TinyModel.SHARD_1);
    }

    @Test
    void aBucketThatIsNotThereIsSaid() {
        assertRefused(
                () -> fetcher.fetch(
                        new Wanted(ModelUri.parse("s3://nobodys/llm"), Optional.empty(), Credentials.NONE),
                        cache,
                        TransferListener.NONE),
                Reason.SourceNotFound,
                "NoSuchBucket");
    }

    @Test
    void theShapeIsReadWithoutTheWeights() {
        var outlined = fetcher.outline(wanted(Map.of()), cache);

        try (Checkpoint checkpoint = Checkpoint.open(outlined.folder())) {
            assertThat(checkpoint.shape().layers()).isEqualTo(2);
        }
        assertThat(store.count("GET", TinyModel.SHARD_1)).isEqualTo(2);
    }

    private Path fetch(Map<String, String> credentials) {
        return fetcher.fetch(wanted(credentials), cache, TransferListener.NONE);
    }

    private static Wanted wanted(Map<String, String> credentials) {
        return new Wanted(ModelUri.parse("s3://models/llm/tiny/"), Optional.empty(), new Credentials(credentials));
    }
}
