package dev.littoral.sources;

import static dev.littoral.sources.HubSourceTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.sources.FakeServer.Fault;
import dev.littoral.sources.Fetcher.Wanted;
import dev.littoral.sources.SourceException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OciSourceTest {

    private final FakeRegistry registry = new FakeRegistry();
    private final Fetcher fetcher = new Fetcher(TestSettings.of(registry));

    @TempDir
    private Path cache;

    @AfterEach
    void stop() {
        fetcher.close();
        registry.close();
    }

    @Test
    void anArtifactOfFilesComesByTheirTitles() throws IOException {
        registry.push("v1", TinyModel.files());

        assertThat(TinyModel.read(fetch(":v1"))).containsExactlyInAnyOrderEntriesOf(TinyModel.needed());
    }

    @Test
    void anImageComesByItsLayers() throws IOException {
        registry.pushTar("v1", ArchiveSourceTest.packed("x.tar.gz", ArchiveSourceTest.in("model/", TinyModel.files())));

        assertThat(TinyModel.read(fetch(":v1"))).containsExactlyInAnyOrderEntriesOf(TinyModel.needed());
    }

    @Test
    void anIndexLeadsToItsManifest() throws IOException {
        registry.pushIndex("v1", registry.push("inner", TinyModel.needed()));

        assertThat(TinyModel.read(fetch(":v1"))).containsExactlyInAnyOrderEntriesOf(TinyModel.needed());
    }

    @Test
    void theTokenIsHadWithTheLoginOfADockerSecret() throws IOException {
        registry.push("v1", TinyModel.needed());
        registry.login = Base64.getEncoder().encodeToString(TinyModel.utf8("robot:pa:ss"));
        String docker =
                "{\"auths\": {\"127.0.0.1:%d\": {\"auth\": \"%s\"}}}".formatted(registry.port(), registry.login);

        assertThat(TinyModel.read(fetch(":v1", Map.of(".dockerconfigjson", docker))))
                .containsExactlyInAnyOrderEntriesOf(TinyModel.needed());
        assertThat(fetch(":v1", Map.of("username", "robot", "password", "pa:ss")))
                .isDirectory();
        assertRefused(() -> fetch(":v1"), Reason.SourceDenied, "login");
    }

    @Test
    void aManifestThatIsNotItsDigestIsRefused() {
        String digest = registry.push("v1", TinyModel.needed());
        registry.fail("/v2/" + FakeRegistry.REPOSITORY + "/manifests/" + digest, new Fault.Garble());

        assertRefused(() -> fetch("@" + digest), Reason.SourceCorrupt, digest);
    }

    @Test
    void aLayerThatIsNotItsDigestIsRefused() {
        registry.push("v1", TinyModel.needed());
        registry.fail(
                "/v2/" + FakeRegistry.REPOSITORY + "/blobs/sha256:"
                        + TinyModel.sha256(TinyModel.bytes(TinyModel.SHARD_2)),
                new Fault.Garble());

        assertRefused(() -> fetch(":v1"), Reason.SourceCorrupt, TinyModel.SHARD_2);
    }

    @Test
    void whatADigestNamesNeedsNoRegistryOnceItIsHere() {
        String digest = registry.push("v1", TinyModel.needed());
        Path first = fetch("@" + digest);
        registry.close();

        assertThat(fetch("@" + digest)).isEqualTo(first);
    }

    @Test
    void theShapeIsReadAndTheDigestTold() throws IOException {
        String digest = registry.push("v1", TinyModel.needed());

        var outlined = fetcher.outline(wanted(":v1", Map.of()), cache);

        assertThat(outlined.pinned()).hasToString("oci://127.0.0.1:" + registry.port() + "/team/tiny@" + digest);
        try (Checkpoint checkpoint = Checkpoint.open(outlined.folder())) {
            assertThat(checkpoint.shape().layers()).isEqualTo(2);
        }
    }

    @Test
    void anImageThatIsMountedHasTheCheckpointInTheFolderThatIsWanted() throws IOException {
        registry.pushTar(
                "v1", ArchiveSourceTest.packed("x.tar.gz", ArchiveSourceTest.in("models/tiny/", TinyModel.files())));
        registry.pushTar("root", ArchiveSourceTest.packed("x.tar.gz", TinyModel.files()));

        assertThat(outline(":v1", "/models/tiny")).isNotEmptyDirectory();
        assertThat(outline(":root", "/")).isNotEmptyDirectory();
        assertRefused(() -> outline(":v1", "/models"), Reason.SourceInvalid, "has the checkpoint in /models/tiny;");
        assertRefused(() -> outline(":root", "/models"), Reason.SourceInvalid, "has the checkpoint in /;");
    }

    @Test
    void linksOfASystemArePassedOver() throws IOException {
        byte[] system = linked("bin/busybox", "bin/sh", "lib64", "usr/share/config.json", "models2");
        byte[] model = ArchiveSourceTest.packed("x.tar.gz", ArchiveSourceTest.in("models/tiny/", TinyModel.files()));
        registry.pushTars("v1", system, model);
        registry.pushTars("v2", model, system);
        registry.pushTars("root", system, ArchiveSourceTest.packed("x.tar.gz", TinyModel.files()));

        for (String tag : new String[] {":v1", ":v2", ":root"}) {
            assertThat(TinyModel.read(fetch(tag))).containsExactlyInAnyOrderEntriesOf(TinyModel.needed());
        }
        assertThat(outline(":v1", "/models/tiny")).isNotEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"models", "models/tiny", "models/tiny/", "models/tiny/config.json", "models/tiny/a/b"})
    void aLinkWhereTheCheckpointLiesMakesAnImageRefused(String path) throws IOException {
        byte[] model = ArchiveSourceTest.packed("x.tar.gz", ArchiveSourceTest.in("models/tiny/", TinyModel.files()));
        registry.pushTars("v1", linked("bin/sh", path), model);
        registry.pushTars("v2", model, linked(path));

        assertRefused(() -> fetch(":v1"), Reason.SourceUnsafe, "where the checkpoint lies");
        assertRefused(() -> fetch(":v2"), Reason.SourceUnsafe, "where the checkpoint lies");
        assertRefused(() -> outline(":v1", "/models/tiny"), Reason.SourceUnsafe, "where the checkpoint lies");
    }

    @Test
    void aLinkInTheRootMakesAnImageRefusedWhenItIsCalledAsAFileOfTheCheckpoint() throws IOException {
        byte[] model = ArchiveSourceTest.packed("x.tar.gz", TinyModel.files());
        registry.pushTars("v1", linked("tokenizer.json"), model);

        assertRefused(() -> fetch(":v1"), Reason.SourceUnsafe, "tokenizer.json is a link");
    }

    @Test
    void ofARegistryWithoutRangesALayerComesWhole() throws IOException {
        byte[] shard = TinyModel.bytes(TinyModel.SHARD_1);
        String path = "/v2/" + FakeRegistry.REPOSITORY + "/blobs/sha256:" + TinyModel.sha256(shard);
        registry.push("v1", TinyModel.needed());
        registry.fail(path, Collections.nCopies(50, new Fault.NoRanges()).toArray(Fault[]::new));
        List<Transfer> heard = Collections.synchronizedList(new ArrayList<>());

        try (Fetcher one = new Fetcher(TestSettings.onePartAtATime(registry))) {
            Path folder = one.fetch(wanted(":v1", Map.of()), cache, heard::add);
            assertThat(TinyModel.read(folder)).containsExactlyInAnyOrderEntriesOf(TinyModel.needed());
        }
        // the first of its parts, to which the whole came, and the whole
        assertThat(shard.length).isGreaterThan(60_000);
        assertThat(registry.count("GET", path)).isEqualTo(2);
        assertThat(heard.getLast().doneBytes()).isEqualTo(heard.getLast().totalBytes());
    }

    private static byte[] linked(String... paths) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (String path : paths) {
                TarArchiveEntry link = new TarArchiveEntry(path, TarConstants.LF_SYMLINK);
                link.setLinkName("/etc/passwd");
                tar.putArchiveEntry(link);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void filesWithTitlesCannotBeMounted() {
        registry.push("v1", TinyModel.needed());

        assertRefused(() -> outline(":v1", "/"), Reason.SourceInvalid, "leave imageVolumePath out");
    }

    @Test
    void aManifestThatSaysNothingIsRefused() {
        for (String json :
                new String[] {"[]", "{}", "{\"layers\": 7}", "{\"layers\": [{}]}", "x", "{\"manifests\": []}"}) {
            registry.put("v1", json);

            assertRefused(() -> fetch(":v1"), Reason.SourceCorrupt, "push it anew");
        }
    }

    @Test
    void aTagThatIsNotThereIsSaid() {
        assertRefused(() -> fetch(":gone"), Reason.SourceNotFound, "gone");
    }

    private Path outline(String reference, String imagePath) {
        Wanted wanted = wanted(reference, Map.of());
        Path folder = cache.resolve(UUID.randomUUID().toString());
        assertThat(folder.toFile().mkdirs()).isTrue();
        return fetcher.outline(
                        new Wanted(wanted.uri(), wanted.sha256(), wanted.credentials(), Optional.of(imagePath)), folder)
                .folder();
    }

    private Path fetch(String reference) {
        return fetch(reference, Map.of());
    }

    private Path fetch(String reference, Map<String, String> credentials) {
        return fetcher.fetch(wanted(reference, credentials), cache, TransferListener.NONE);
    }

    private Wanted wanted(String reference, Map<String, String> credentials) {
        return new Wanted(
                ModelUri.parse("oci://127.0.0.1:" + registry.port() + "/" + FakeRegistry.REPOSITORY + reference),
                Optional.empty(),
                new Credentials(credentials));
    }
}
