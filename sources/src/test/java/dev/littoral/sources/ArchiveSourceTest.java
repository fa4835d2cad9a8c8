package dev.littoral.sources;

import static dev.littoral.sources.HubSourceTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.sources.FakeServer.Fault;
import dev.littoral.sources.Fetcher.Wanted;
import dev.littoral.sources.SourceException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveSourceTest {

    private final FakeServer server = new FakeServer();
    private final Fetcher fetcher = new Fetcher(TestSettings.of(server));

    @TempDir
    private Path cache;

    @AfterEach
    void stop() {
        fetcher.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny.tar", "tiny.tar.gz", "tiny.tgz", "tiny.zip"})
    void anArchiveBecomesAFolderOfWhatIsRead(String name) throws IOException {
        server.files.put("/" + name, packed(name, in("tiny-model/", TinyModel.files())));

        assertThat(TinyModel.read(fetch(name))).containsExactlyInAnyOrderEntriesOf(TinyModel.needed());
        assertThat(cache.resolve("checkpoints")).isDirectoryNotContaining("glob:**.coming");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny.tar", "tiny.tar.gz", "tiny.zip"})
    void theShapeOfAnArchiveIsReadWithoutKeepingIt(String name) throws IOException {
        server.files.put("/" + name, packed(name, in("", TinyModel.files())));

        var outlined = fetcher.outline(wanted(name, Optional.empty()), cache);

        try (Checkpoint checkpoint = Checkpoint.open(outlined.folder())) {
            assertThat(checkpoint.shape().layers()).isEqualTo(2);
        }
    }

    @Test
    void anAdapterInAnArchiveIsKeptSoThatItIsRefused() throws IOException {
        server.files.put(
                "/a.tar",
                packed(
                        "a.tar",
                        Map.of(
                                "lora/adapter_config.json",
                                new byte[2],
                                "lora/adapter_model.safetensors",
                                new byte[2])));

        Path folder = fetch("a.tar");

        assertThatThrownBy(() -> Checkpoint.open(folder)).hasMessageContaining("merge the adapter into its model");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../config.json",
                "a/../../config.json",
                "/etc/config.json",
                "..\\config.json",
                "C:\\config.json",
                "tiny/../../../../x/README"
            })
    void anEntryThatLeavesItsFolderMakesTheArchiveRefused(String entry) throws IOException {
        for (String name : new String[] {"a.tar", "a.tar.gz", "a.zip"}) {
            Map<String, byte[]> files = in("", TinyModel.needed());
            files.put(entry, new byte[10]);
            server.files.put("/" + name, packed(name, files));

            assertRefused(() -> fetch(name), Reason.SourceUnsafe, "leaves its folder");
            assertThat(cache.resolve("../config.json")).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(bytes = {TarConstants.LF_SYMLINK, TarConstants.LF_LINK, TarConstants.LF_CHR, TarConstants.LF_FIFO})
    void aLinkOrADeviceMakesATarRefused(byte kind) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            TarArchiveEntry link = new TarArchiveEntry("config.json", kind);
            link.setLinkName("/etc/passwd");
            tar.putArchiveEntry(link);
            tar.closeArchiveEntry();
        }
        server.files.put("/a.tar", bytes.toByteArray());

        assertRefused(() -> fetch("a.tar"), Reason.SourceUnsafe, "link or a device");
    }

    @ParameterizedTest
    @ValueSource(bytes = {TarConstants.LF_GNUTYPE_LONGNAME, TarConstants.LF_PAX_EXTENDED_HEADER_LC})
    void aNameWithoutEndMakesATarRefused(byte kind) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            byte[] name = ("2000000 path=" + "a".repeat(1_999_986) + "\n").getBytes(StandardCharsets.UTF_8);
            TarArchiveEntry entry = new TarArchiveEntry("././@LongLink", kind);
            entry.setSize(name.length);
            tar.putArchiveEntry(entry);
            tar.write(name);
            tar.closeArchiveEntry();
        }
        server.files.put("/a.tar.gz", bytes.toByteArray());

        assertRefused(() -> fetch("a.tar.gz"), Reason.SourceUnsafe, "says more than 1,048,576 bytes of one entry");
    }

    @Test
    void aLinkMakesAZipRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            ZipArchiveEntry link = new ZipArchiveEntry("config.json");
            link.setUnixMode(0120777);
            zip.putArchiveEntry(link);
            zip.write(TinyModel.utf8("/etc/passwd"));
            zip.closeArchiveEntry();
        }
        server.files.put("/a.zip", bytes.toByteArray());

        assertRefused(() -> fetch("a.zip"), Reason.SourceUnsafe, "is a link");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bomb.tar.gz", "bomb.zip"})
    void aBombIsEndedByItsGrowth(String name) throws IOException {
        Map<String, byte[]> files = in("", TinyModel.needed());
        files.put("model.safetensors", new byte[106 << 20]);
        server.files.put("/" + name, packed(name, files));

        assertRefused(() -> fetch(name), Reason.SourceUnsafe, "unpacks to more than");
    }

    @Test
    void aJsonFileThatGrowsIsEnded() throws IOException {
        Map<String, byte[]> files = in("", TinyModel.needed());
        files.put("tokenizer.json", new byte[(64 << 20) + 1]);
        server.files.put("/a.tar.gz", packed("a.tar.gz", files));

        assertRefused(() -> fetch("a.tar.gz"), Reason.SourceUnsafe, "tokenizer.json is larger");
    }

    @Test
    void theSumIsThatOfTheArchive() throws IOException {
        byte[] archive = packed("a.zip", in("", TinyModel.needed()));
        server.files.put("/a.zip", archive);

        assertThat(fetcher.fetch(wanted("a.zip", Optional.of(TinyModel.sha256(archive))), cache, TransferListener.NONE))
                .isDirectory();
        assertRefused(
                () -> fetcher.fetch(wanted("a.zip", Optional.of("2".repeat(64))), cache, TransferListener.NONE),
                Reason.SourceCorrupt,
                TinyModel.sha256(archive));
    }

    @Test
    void anArchiveWithASumThatIsHereNeedsNoServer() throws IOException {
        byte[] archive = packed("a.tar", in("", TinyModel.needed()));
        server.files.put("/a.tar", archive);
        Wanted wanted = wanted("a.tar", Optional.of(TinyModel.sha256(archive)));
        Path first = fetcher.fetch(wanted, cache, TransferListener.NONE);
        server.asked.clear();

        assertThat(fetcher.fetch(wanted, cache, TransferListener.NONE)).isEqualTo(first);
        assertThat(server.asked).isEmpty();
    }

    @Test
    void anArchiveThatIsCutOffIsRefusedAndNothingLands() throws IOException {
        byte[] archive = packed("a.tar.gz", in("", TinyModel.needed()));
        server.files.put("/a.tar.gz", java.util.Arrays.copyOf(archive, archive.length / 2));

        assertRefused(() -> fetch("a.tar.gz"), Reason.SourceCorrupt, "a.tar.gz");
        try (var landed = Files.list(cache.resolve("checkpoints"))) {
            assertThat(landed.map(path -> path.getFileName().toString())).noneMatch(name -> name.matches("[0-9a-f]+"));
        }
    }

    @Test
    void anArchiveGoesOnAfterADrop() throws IOException {
        server.files.put("/a.tar", packed("a.tar", in("", TinyModel.needed())));
        server.fail("/a.tar", new Fault.Drop(1000), new Fault.Drop(0), new Fault.Busy(502, ""));

        assertThat(TinyModel.read(fetch("a.tar"))).containsExactlyInAnyOrderEntriesOf(TinyModel.needed());
    }

    static Map<String, byte[]> in(String folder, Map<String, byte[]> files) {
        Map<String, byte[]> moved = new LinkedHashMap<>();
        files.forEach((name, bytes) -> moved.put(folder + name, bytes));
        return moved;
    }

    static byte[] packed(String name, Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (name.endsWith("zip")) {
            try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
                for (var file : files.entrySet()) {
                    zip.putArchiveEntry(new ZipArchiveEntry(file.getKey()));
                    zip.write(file.getValue());
                    zip.closeArchiveEntry();
                }
            }
            return bytes.toByteArray();
        }
        OutputStream out = name.endsWith(".tar") ? bytes : new GZIPOutputStream(bytes);
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (var file : files.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey(), true);
                entry.setSize(file.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private Path fetch(String name) {
        return fetcher.fetch(wanted(name, Optional.empty()), cache, TransferListener.NONE);
    }

    private Wanted wanted(String name, Optional<String> sha256) {
        return new Wanted(ModelUri.parse(server.url("/" + name).toString()), sha256, Credentials.NONE);
    }
}
