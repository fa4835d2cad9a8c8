package dev.littoral.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.sources.FakeServer.Fault;
import dev.littoral.sources.Fetcher.Wanted;
import dev.littoral.sources.SourceException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubSourceTest {

    private static final String MODEL = "hf://" + FakeHub.REPOSITORY;

    private final Map<String, byte[]> files = TinyModel.files();
    private final FakeHub hub = new FakeHub(files);
    private final Fetcher fetcher = new Fetcher(TestSettings.of(hub));

    @TempDir
    private Path cache;

    @AfterEach
    void stop() {
        fetcher.close();
        hub.close();
    }

    @Test
    void aRevisionComesWithWhatIsReadAndNothingElse() throws IOException {
        Path folder = fetch(MODEL + "@main");

        assertThat(TinyModel.read(folder)).containsExactlyInAnyOrderEntriesOf(TinyModel.needed());
        assertThat(hub.store.asked).noneMatch(a -> a.path().contains(TinyModel.sha256(bytes("model.gguf"))));
    }

    @Test
    void theCacheHasTheHubsOwnLayout() throws IOException {
        fetch(MODEL + "@main");

        Path repository = cache.resolve("hub/models--acme--tiny");
        assertThat(repository.resolve("refs/main")).hasContent(FakeHub.COMMIT);
        Path link = repository.resolve("snapshots").resolve(FakeHub.COMMIT).resolve(TinyModel.SHARD_1);
        assertThat(Files.readSymbolicLink(link))
                .isEqualTo(Path.of("../../blobs", TinyModel.sha256(bytes(TinyModel.SHARD_1))));
        try (var blobs = Files.list(repository.resolve("blobs"))) {
            assertThat(blobs.map(blob -> blob.getFileName().toString())).noneMatch(name -> name.contains("partial"));
        }
    }

    @Test
    void largeFilesComeInPartsByRanges() {
        fetch(MODEL);

        // 20,000 bytes a part
        int bytes = bytes(TinyModel.SHARD_1).length;
        assertThat(hub.store.count("GET", TinyModel.sha256(bytes(TinyModel.SHARD_1))))
                .isEqualTo((bytes + 19_999) / 20_000);
    }

    @Test
    void theTokenGoesToTheHubAndNeverToTheStoreItRedirectsTo() {
        hub.token = "hf_secret";

        fetcher.fetch(wanted(MODEL, Map.of("HF_TOKEN", "hf_secret")), cache, TransferListener.NONE);

        assertThat(hub.asked).allMatch(a -> a.authorization().equals("Bearer hf_secret"));
        assertThat(hub.store.asked).isNotEmpty().allMatch(a -> a.authorization().isEmpty());
    }

    @Test
    void aTokenThatIsMissingIsSaid() {
        hub.token = "hf_secret";

        assertRefused(() -> fetch(MODEL), Reason.SourceDenied, "secret");
    }

    @Test
    void aRevisionThatIsNotThereIsSaid() {
        assertRefused(() -> fetch(MODEL + "@gone"), Reason.SourceNotFound, "hf://acme/tiny@gone");
    }

    @Test
    void aCommitThatIsHereNeedsNoServer() {
        Path first = fetch(MODEL + "@" + FakeHub.COMMIT);
        hub.close();

        assertThat(fetch(MODEL + "@" + FakeHub.COMMIT)).isEqualTo(first);
    }

    @Test
    void aBranchIsWhatItWasTheLastTimeWhenTheHubIsAway() {
        Path first = fetch(MODEL + "@main");
        hub.close();

        assertThat(fetch(MODEL + "@main")).isEqualTo(first);
    }

    @Test
    void offlineOnlyTheCacheIsUsed() {
        try (Fetcher offline = new Fetcher(TestSettings.of(hub, true))) {
            assertRefused(
                    () -> offline.fetch(wanted(MODEL, Map.of()), cache, TransferListener.NONE),
                    Reason.NotCached,
                    "HF_HUB_OFFLINE");
            Path first = fetch(MODEL);
            hub.asked.clear();

            assertThat(offline.fetch(wanted(MODEL, Map.of()), cache, TransferListener.NONE))
                    .isEqualTo(first);
            assertThat(hub.asked).isEmpty();
        }
    }

    @Test
    void aConnectionThatDropsGoesOnWhereItStopped() throws IOException {
        String shard = "/" + TinyModel.sha256(bytes(TinyModel.SHARD_1));
        hub.store.fail(
                shard, new Fault.Drop(100), new Fault.Drop(5000), new Fault.Busy(503, "0"), new Fault.Busy(429, ""));

        Path folder = fetch(MODEL);

        assertThat(Files.readAllBytes(folder.resolve(TinyModel.SHARD_1))).isEqualTo(bytes(TinyModel.SHARD_1));
        // a part that dropped after 100 bytes is asked for from there on
        assertThat(hub.store.asked).anyMatch(a -> a.range().matches("bytes=[0-9]*(100|5000)-.*"));
    }

    @Test
    void whatWasHereWhenTheProcessDiedDoesNotComeAgain() {
        Fault[] endless = Collections.nCopies(30, new Fault.Busy(500, "")).toArray(Fault[]::new);
        String second = "/" + TinyModel.sha256(bytes(TinyModel.SHARD_2));
        hub.store.fail(second, endless);
        assertRefused(() -> fetch(MODEL), Reason.SourceUnreachable, "500");
        String first = TinyModel.sha256(bytes(TinyModel.SHARD_1));
        assertThat(hub.store.count("GET", first)).isPositive();
        hub.store.asked.clear();

        try (FakeHub again = new FakeHub(files);
                Fetcher restarted = new Fetcher(TestSettings.of(again))) {
            restarted.fetch(wanted(MODEL, Map.of()), cache, TransferListener.NONE);

            assertThat(again.store.count("GET", first)).isZero();
        }
    }

    @Test
    void partsThatWereWrittenDownDoNotComeAgain() {
        byte[] shard = bytes(TinyModel.SHARD_1);
        String path = "/" + TinyModel.sha256(shard);
        hub.store.fail(path, new Fault.Drop(Integer.MAX_VALUE), new Fault.Drop(Integer.MAX_VALUE));
        hub.store.fail(path, Collections.nCopies(60, new Fault.Busy(500, "")).toArray(Fault[]::new));
        // one after the other, so that two parts are here before the third fails
        try (Fetcher slow = new Fetcher(TestSettings.onePartAtATime(hub))) {
            Wanted model = wanted(MODEL, Map.of());
            assertRefused(() -> slow.fetch(model, cache, TransferListener.NONE), Reason.SourceUnreachable, "500");
        }

        try (FakeHub again = new FakeHub(files);
                Fetcher restarted = new Fetcher(TestSettings.of(again))) {
            restarted.fetch(wanted(MODEL, Map.of()), cache, TransferListener.NONE);

            assertThat(again.store.count("GET", path)).isEqualTo((shard.length + 19_999) / 20_000 - 2);
        }
    }

    @Test
    void bytesThatDoNotAddUpAreThrownAway() throws IOException {
        String path = "/" + TinyModel.sha256(bytes(TinyModel.SHARD_2));
        hub.store.fail(path, new Fault.Garble());

        assertRefused(() -> fetch(MODEL), Reason.SourceCorrupt, TinyModel.SHARD_2);

        assertThat(TinyModel.read(fetch(MODEL))).containsExactlyInAnyOrderEntriesOf(TinyModel.needed());
    }

    @Test
    void aSmallFileIsCheckedByItsNameInGit() {
        hub.fail("/acme/tiny/resolve/" + FakeHub.COMMIT + "/tokenizer.json", new Fault.Garble());

        assertRefused(() -> fetch(MODEL), Reason.SourceCorrupt, "tokenizer.json");
    }

    @Test
    void anAnswerThatGivesNothingIsGivenUpAndAskedForAgain() throws IOException {
        hub.store.fail("/" + TinyModel.sha256(bytes(TinyModel.SHARD_1)), new Fault.Stall(10));

        try (Fetcher impatient = new Fetcher(TestSettings.stallingAfter(hub, Duration.ofMillis(200)))) {
            Path folder = impatient.fetch(wanted(MODEL, Map.of()), cache, TransferListener.NONE);

            assertThat(TinyModel.read(folder)).containsExactlyInAnyOrderEntriesOf(TinyModel.needed());
        }
    }

    @Test
    void eightAgentsOfANodeDownloadOnce() {
        List<CompletableFuture<Path>> all = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> fetch(MODEL + "@main")))
                .toList();

        assertThat(all.stream().map(CompletableFuture::join))
                .containsOnly(all.getFirst().join());
        byte[] shard = bytes(TinyModel.SHARD_1);
        assertThat(hub.store.count("GET", TinyModel.sha256(shard))).isEqualTo((shard.length + 19_999) / 20_000);
    }

    @Test
    void twoProcessesWithTwoRevisionsDownloadTheFilesThatTheyShareOnce() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        hub.before = path -> {
            if (path.contains("/revision/")) {
                both.countDown();
            }
        };
        hub.store.before = path -> {
            try {
                assertThat(both.await(2, TimeUnit.MINUTES)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };

        Process main = child("main", false);
        Process next = child("next", false);

        assertThat(List.of(main.waitFor(3, TimeUnit.MINUTES), next.waitFor(3, TimeUnit.MINUTES)))
                .as(Files.readString(cache.resolve("main.log")) + Files.readString(cache.resolve("next.log")))
                .containsOnly(true);
        assertThat(List.of(main.exitValue(), next.exitValue()))
                .as(Files.readString(cache.resolve("main.log")) + Files.readString(cache.resolve("next.log")))
                .containsOnly(0);
        byte[] shard = bytes(TinyModel.SHARD_1);
        assertThat(hub.store.count("GET", TinyModel.sha256(shard))).isEqualTo((shard.length + 19_999) / 20_000);
        for (String commit : List.of(FakeHub.COMMIT, FakeHub.NEXT)) {
            assertThat(TinyModel.read(
                            cache.resolve("hub/models--acme--tiny/snapshots").resolve(commit)))
                    .containsExactlyInAnyOrderEntriesOf(TinyModel.needed());
        }
    }

    @Test
    void filesAsLargeAsTheyMayBeFitHalfOfAnAgentsHeap() throws Exception {
        String index = new String(bytes(TinyModel.INDEX), StandardCharsets.UTF_8);
        // 30 MB of lists in the index, 33 MB of a tokenizer, 12 MB of names in the listing
        files.put(
                TinyModel.INDEX,
                TinyModel.utf8("{\"metadata\": [" + "[],".repeat(10_000_000) + "1], " + index.substring(1)));
        files.put("tokenizer.json", new byte[33_000_000]);
        for (int i = 0; i < 100_000; i++) {
            files.put(
                    "checkpoints/step-" + i + "/global_step" + i
                            + "/mp_rank_00_model_states_of_many_ranks/optimizer.pt",
                    new byte[0]);
        }

        Process child = child("main", true);

        assertThat(child.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(child.exitValue())
                .as(Files.readString(cache.resolve("main.log")))
                .isZero();
    }

    private Process child(String revision, boolean outline) throws IOException {
        return FetchMain.start(hub.port(), MODEL + "@" + revision, cache, cache.resolve(revision + ".log"), outline);
    }

    @Test
    void smallFilesComeFromTheHubsOwnCacheToWhichItRedirects() throws IOException {
        hub.cached = true;

        assertThat(TinyModel.read(fetch(MODEL + "@main"))).containsExactlyInAnyOrderEntriesOf(TinyModel.needed());
        assertThat(hub.count("GET", "/api/resolve-cache/models/acme/tiny/" + FakeHub.COMMIT + "/tokenizer.json"))
                .isEqualTo(1);
    }

    @Test
    void theTokenGoesAlongARedirectWithinTheHub() throws IOException {
        hub.cached = true;
        hub.token = "hf_secret";

        fetcher.fetch(wanted(MODEL, Map.of("HF_TOKEN", "hf_secret")), cache, TransferListener.NONE);

        assertThat(hub.asked).allMatch(a -> a.authorization().equals("Bearer hf_secret"));
        assertThat(hub.store.asked).isNotEmpty().allMatch(a -> a.authorization().isEmpty());
    }

    @Test
    void progressEndsAtTheSumOfAllFiles() {
        List<Transfer> heard = Collections.synchronizedList(new ArrayList<>());

        fetcher.fetch(wanted(MODEL, Map.of()), cache, heard::add);

        long total = TinyModel.needed().values().stream()
                .mapToLong(bytes -> bytes.length)
                .sum();
        assertThat(heard.getLast().doneBytes()).isEqualTo(total);
        assertThat(heard.getLast().totalBytes()).isEqualTo(total);
        assertThat(heard.getLast().words()).contains("downloading hf://acme/tiny@" + FakeHub.COMMIT, "kB of");
    }

    @Test
    void anIndexThatLeavesItsFolderIsRefused() {
        files.put(TinyModel.INDEX, TinyModel.utf8("{\"weight_map\": {\"a\": \"../../etc/passwd.safetensors\"}}"));
        files.put("../../etc/passwd.safetensors", new byte[10]);

        assertRefused(() -> fetch(MODEL), Reason.SourceUnsafe, "weight_map");
    }

    @Test
    void aRepositoryWithoutSafetensorsSaysWhatItHas() {
        files.keySet().removeIf(name -> name.contains("safetensors"));

        assertRefused(() -> fetch(MODEL), Reason.SourceNotFound, "pytorch_model.bin");
    }

    @Test
    void anAdapterIsRefusedBeforeAnythingComes() {
        files.put("adapter_config.json", TinyModel.utf8("{}"));

        assertRefused(() -> fetch(MODEL), Reason.SourceInvalid, "merge the adapter into its model");
        assertThat(hub.store.asked).isEmpty();
    }

    @Test
    void theShapeIsReadWithoutTheWeights() {
        var outlined = fetcher.outline(wanted(MODEL + "@v1", Map.of()), cache);

        assertThat(outlined.pinned()).hasToString(MODEL + "@" + FakeHub.COMMIT);
        try (Checkpoint checkpoint = Checkpoint.open(outlined.folder())) {
            assertThat(checkpoint.shape().layers()).isEqualTo(2);
        }
        // the length, then the header: two small pieces of each shard
        assertThat(hub.store.count("GET", TinyModel.sha256(bytes(TinyModel.SHARD_1))))
                .isEqualTo(2);
    }

    @Test
    void aSumOverAllFilesIsHeld() {
        String right = sum();
        assertThat(fetcher.fetch(wanted(MODEL, right), cache, TransferListener.NONE))
                .exists();

        assertRefused(
                () -> fetcher.fetch(wanted(MODEL, "0".repeat(64)), cache, TransferListener.NONE),
                Reason.SourceCorrupt,
                right);
    }

    private byte[] bytes(String name) {
        return Objects.requireNonNull(files.get(name));
    }

    private static String sum() {
        StringBuilder lines = new StringBuilder();
        new java.util.TreeMap<>(TinyModel.needed())
                .forEach((name, bytes) -> lines.append(TinyModel.sha256(bytes))
                        .append("  ")
                        .append(name)
                        .append('\n'));
        return TinyModel.sha256(TinyModel.utf8(lines.toString()));
    }

    private Path fetch(String uri) {
        return fetcher.fetch(wanted(uri, Map.of()), cache, TransferListener.NONE);
    }

    private static Wanted wanted(String uri, Map<String, String> credentials) {
        return new Wanted(ModelUri.parse(uri), Optional.empty(), new Credentials(credentials));
    }

    private static Wanted wanted(String uri, String sha256) {
        return new Wanted(ModelUri.parse(uri), Optional.of(sha256), Credentials.NONE);
    }

    static void assertRefused(ThrowingCallable call, Reason reason, String words) {
        assertThatThrownBy(call).isInstanceOfSatisfying(SourceException.class, refused -> {
            assertThat(refused.reason()).isEqualTo(reason);
            assertThat(refused).hasMessageContaining(words);
        });
    }
}
