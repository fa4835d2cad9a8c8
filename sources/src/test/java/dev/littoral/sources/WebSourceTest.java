package dev.littoral.sources;

import static dev.littoral.sources.HubSourceTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.sources.FakeServer.Fault;
import dev.littoral.sources.Fetcher.Wanted;
import dev.littoral.sources.SourceException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebSourceTest {

    private static final String PATH = "/models/tiny/";

    private final FakeServer server = new FakeServer();
    private final Fetcher fetcher = new Fetcher(TestSettings.of(server));

    @TempDir
    private Path cache;

    WebSourceTest() {
        TinyModel.files().forEach((name, bytes) -> server.files.put(PATH + name, bytes));
    }

    @AfterEach
    void stop() {
        fetcher.close();
        server.close();
    }

    @Test
    void aFolderComesByTheNamesOfItsFiles() throws IOException {
        assertThat(TinyModel.read(fetch())).containsExactlyInAnyOrderEntriesOf(TinyModel.needed());
        assertThat(server.count("GET", "gguf")).isZero();
    }

    @Test
    void aFileThatChangesBetweenTwoPartsIsNoticed() throws IOException {
        server.fail(PATH + TinyModel.SHARD_1, new Fault.Drop(Integer.MAX_VALUE), new Fault.Changed());

        assertRefused(this::fetch, Reason.SourceChanged, TinyModel.SHARD_1);
        assertThat(TinyModel.read(fetch())).containsExactlyInAnyOrderEntriesOf(TinyModel.needed());
    }

    @Test
    void aServerThatIgnoresRangesGivesTheRightBytesToo() throws IOException {
        server.fail(PATH + TinyModel.SHARD_1, new Fault.NoRanges(), new Fault.NoRanges(), new Fault.NoRanges());

        assertThat(TinyModel.read(fetch())).containsExactlyInAnyOrderEntriesOf(TinyModel.needed());
    }

    @Test
    void aServerThatSendsItsOwnLengthWronglyIsNotBelieved() throws IOException {
        server.fail(PATH + "tokenizer.json", new Fault.Lie(1000));

        assertRefused(this::fetch, Reason.SourceChanged, "tokenizer.json");
    }

    @Test
    void aNewVersionLandsBesideTheOldOne() throws IOException {
        Path before = fetch();
        byte[] other = TinyModel.utf8("{\"version\": \"2.0\"}");
        server.files.put(PATH + "tokenizer.json", other);

        Path after = fetch();

        assertThat(after).isNotEqualTo(before);
        assertThat(Files.readAllBytes(after.resolve("tokenizer.json"))).isEqualTo(other);
        assertThat(TinyModel.read(before)).containsExactlyInAnyOrderEntriesOf(TinyModel.needed());
    }

    @Test
    void whatWasHereServesOnWhenTheServerIsAway() {
        Path before = fetch();
        server.close();

        assertThat(fetch()).isEqualTo(before);
    }

    @Test
    void aRedirectToTheNetworkOfTheMachineAloneIsRefused() {
        server.fail(PATH + "config.json", new Fault.Redirect("http://169.254.169.254/latest/meta-data/"));

        assertRefused(this::fetch, Reason.SourceUnsafe, "169.254.169.254");
    }

    @Test
    void redirectsHaveAnEnd() {
        Fault[] circle = java.util.Collections.nCopies(20, new Fault.Redirect(PATH + "config.json"))
                .toArray(Fault[]::new);
        server.fail(PATH + "config.json", circle);

        assertRefused(this::fetch, Reason.SourceUnsafe, "redirects more than");
    }

    @Test
    void aSecretDoesNotFollowARedirectToAnotherPort() throws IOException {
        try (FakeServer other = new FakeServer()) {
            other.files.put("/elsewhere", TinyModel.bytes("config.json"));
            server.fail(
                    PATH + "config.json",
                    new Fault.Redirect(other.url("/elsewhere").toString()));

            Path folder = fetcher.fetch(
                    new Wanted(uri(), Optional.empty(), new Credentials(Map.of("username", "u", "password", "p"))),
                    cache,
                    TransferListener.NONE);

            assertThat(folder.resolve("config.json")).exists();
            assertThat(server.asked).allMatch(a -> a.authorization().equals("Basic dTpw"));
            assertThat(other.asked).isNotEmpty().allMatch(a -> a.authorization().isEmpty());
        }
    }

    @Test
    void aFolderIsHeldToItsSum() {
        StringBuilder lines = new StringBuilder();
        new TreeMap<>(TinyModel.needed())
                .forEach((name, bytes) -> lines.append(TinyModel.sha256(bytes))
                        .append("  ")
                        .append(name)
                        .append('\n'));
        String right = TinyModel.sha256(TinyModel.utf8(lines.toString()));

        assertThat(fetcher.fetch(new Wanted(uri(), Optional.of(right), Credentials.NONE), cache, TransferListener.NONE))
                .isDirectory();
        assertRefused(
                () -> fetcher.fetch(
                        new Wanted(uri(), Optional.of("1".repeat(64)), Credentials.NONE), cache, TransferListener.NONE),
                Reason.SourceCorrupt,
                right);
    }

    @Test
    void theShapeIsReadWithoutTheWeights() {
        var outlined = fetcher.outline(new Wanted(uri(), Optional.empty(), Credentials.NONE), cache);

        try (Checkpoint checkpoint = Checkpoint.open(outlined.folder())) {
            assertThat(checkpoint.shape().layers()).isEqualTo(2);
        }
        assertThat(server.count("GET", TinyModel.SHARD_1)).isEqualTo(2);
    }

    @Test
    void jsonLargerThanAnyCheckpointsIsRefusedBeforeItComes() {
        server.files.put(PATH + "tokenizer.json", new byte[(64 << 20) + 1]);

        assertRefused(this::fetch, Reason.SourceUnsafe, "tokenizer.json");
        assertThat(server.count("GET", "tokenizer.json")).isZero();
    }

    private ModelUri uri() {
        return ModelUri.parse(server.url(PATH).toString());
    }

    private Path fetch() {
        return fetcher.fetch(new Wanted(uri(), Optional.empty(), Credentials.NONE), cache, TransferListener.NONE);
    }
}
