package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.checkpoint.StageFootprint;
import dev.littoral.engine.NoRoomException;
import dev.littoral.engine.ProgressListener;
import dev.littoral.engine.Stage;
import dev.littoral.engine.StageSpec;
import dev.littoral.engine.room.Room;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds what lies on disk between a checkpoint and a stage: prepared once, found again, refused before it is begun. */
class PreparedStageIT {

    @TempDir
    private static Path folder;

    private static Path checkpoint;

    @BeforeAll
    static void write() throws IOException {
        checkpoint = RandomCheckpoint.write(folder.resolve("checkpoint"), RandomCheckpoint.LLAMA, "F32");
    }

    @Test
    void aPreparedStageIsReusedAndADamagedOneIsPreparedAgain() throws IOException {
        StageSpec spec = spec(1, 3);
        TestStages.load(spec).close();
        Path model = prepared(spec);
        Files.setLastModifiedTime(model, FileTime.from(Instant.EPOCH));
        TestStages.load(spec).close();
        assertThat(Files.getLastModifiedTime(model).toInstant()).isEqualTo(Instant.EPOCH);

        Files.write(model, new byte[] {1, 2, 3});
        TestStages.load(spec).close();
        assertThat(Files.size(model)).isGreaterThan(1000);
        try (var files = Files.list(spec.cache())) {
            assertThat(files).noneMatch(path -> path.getFileName().toString().startsWith(".draft"));
        }
    }

    @ParameterizedTest
    @CsvSource({"8, NaN", "4, NaN", "2, Infinity", "4, -Infinity"})
    void aWeightThatIsNotFiniteIsNamedByItsTensor(int bits, float weight) throws IOException {
        Path damaged = RandomCheckpoint.write(folder.resolve("damaged"), RandomCheckpoint.LLAMA, "F32");
        String name = "model.layers.1.mlp.up_proj.weight";
        long inRowThree;
        try (Checkpoint opened = Checkpoint.open(damaged)) {
            long columns = opened.tensor(name).info().shape().getLast();
            inRowThree = opened.tensor(name).info().offset() + 4 * (3 * columns + 5);
        }
        try (FileChannel file = FileChannel.open(damaged.resolve("model.safetensors"), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, weight), inRowThree);
        }
        StageSpec spec = new StageSpec(
                damaged, 0, 5, Collections.nCopies(5, bits), 8, 32, 64, 1, 1, folder.resolve("damaged-cache"));
        assertThatThrownBy(() -> TestStages.load(spec))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model.safetensors: " + name + ": a weight of its row 3 is infinite or not");
    }

    @Test
    void aStageThatDoesNotFitIsRefusedWithTheSumBeforeItIsBegun() {
        StageSpec spec =
                new StageSpec(checkpoint, 0, 5, Collections.nCopies(5, 8), 8, 32, 512, 2, 1, folder.resolve("full"));
        StageFootprint needed = new OnnxEngine().footprint(spec);
        assertThatThrownBy(() -> load(spec, new FakeRoom(needed.loadBytes() - 1, Long.MAX_VALUE)))
                .isInstanceOfSatisfying(NoRoomException.class, e -> {
                    assertThat(e.neededBytes()).isEqualTo(needed.loadBytes());
                    assertThat(e.freeBytes()).isEqualTo(needed.loadBytes() - 1);
                })
                .hasMessageContaining("layers 0 to 4 take %,d bytes of memory", needed.loadBytes())
                .hasMessageContaining("= %,d of weights + %,d of keys", needed.weightBytes(), needed.kvBytes());
        assertThat(spec.cache()).doesNotExist();

        assertThatThrownBy(() -> load(spec, new FakeRoom(needed.loadBytes(), 1000)))
                .isInstanceOf(NoRoomException.class)
                .hasMessageContaining("on the disk of " + spec.cache())
                .hasMessageContaining("but only 1,000 are free");
        assertThat(spec.cache()).isDirectoryNotContaining(path -> Files.isDirectory(path));

        load(spec, new FakeRoom(needed.loadBytes(), needed.weightBytes() + (1 << 20)))
                .close();
        load(spec, new FakeRoom(needed.loadBytes(), 0)).close();
    }

    @Test
    void aDraftThatAKilledProcessLeftIsDeletedButNotOneThatIsBeingWritten() throws IOException {
        Path cache = Files.createDirectories(folder.resolve("drafts"));
        Path left = Files.createDirectory(cache.resolve(".draft-left"));
        Files.writeString(left.resolve("weights.bin"), "half");
        Path other = Files.createDirectory(cache.resolve("other"));
        try (Draft first = Draft.begin(cache)) {
            assertThat(left).doesNotExist();
            try (Draft second = Draft.begin(cache)) {
                assertThat(first.folder()).isDirectory();
                assertThat(second.folder()).isDirectory().isNotEqualTo(first.folder());
            }
            assertThat(first.folder()).isDirectory();
        }
        assertThat(cache).isDirectoryNotContaining("glob:**/.draft-*");
        assertThat(other).isDirectory();
    }

    @Test
    void otherWeightsOrWidthsArePreparedUnderAnotherName() throws IOException {
        StageSpec spec = spec(1, 3);
        Path other = RandomCheckpoint.write(folder.resolve("other"), RandomCheckpoint.LLAMA, "F32");
        Path weights = other.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length / 3] ^= 1; // in layer 1
        Files.write(weights, bytes);
        assertThat(List.of(
                        digest(spec),
                        digest(new StageSpec(other, 1, 3, List.of(8, 8), 32, 32, 512, 2, 1, spec.cache())),
                        digest(new StageSpec(checkpoint, 1, 3, List.of(32, 8), 32, 32, 512, 2, 1, spec.cache())),
                        digest(new StageSpec(checkpoint, 2, 4, List.of(8, 8), 32, 32, 512, 2, 1, spec.cache()))))
                .doesNotHaveDuplicates();
        assertThat(digest(new StageSpec(checkpoint, 1, 3, List.of(8, 8), 32, 32, 100, 7, 1, spec.cache())))
                .isEqualTo(digest(spec));
    }

    @Test
    void progressEndsAtItsTotalWhichIsWhatIsWritten() throws IOException {
        StageSpec spec = new StageSpec(checkpoint, 3, 5, List.of(8, 4), 8, 64, 512, 1, 1, folder.resolve("progress"));
        List<long[]> seen = new ArrayList<>();
        try (Stage stage = new OnnxEngine().load(spec, (done, total, step) -> seen.add(new long[] {done, total}))) {
            assertThat(seen).isSortedAccordingTo((a, b) -> Long.compare(a[0], b[0]));
            assertThat(seen.getLast()[0]).isEqualTo(seen.getLast()[1]);
            // the norms lie in the graph: 2 a layer and the last, 144 numbers each
            assertThat(Files.size(prepared(spec).resolveSibling("weights.bin")))
                    .isBetween(seen.getLast()[1] - 5 * 144 * 4, seen.getLast()[1] + 20 * 4096);
            // and the rotary tables: 512 positions, 48 numbers; and 8 bytes a block of 64: a layer's 576 + 416 rows of
            // 3
            // blocks, 144 rows of 5 and of 4; the head's 997 rows of 3
            long blocks = 2 * ((576 + 416) * 3 + 144 * (5 + 4)) + 997 * 3;
            assertThat(stage.weightBytes()).isEqualTo(seen.getLast()[1] + 512 * 48 * 4 + 8 * blocks);
            assertThat(stage.kvBytesPerToken()).isEqualTo(2 * 2 * 3 * 48 * 4);
        }
    }

    private static StageSpec spec(int firstLayer, int endLayer) {
        return TestStages.atEightBits(checkpoint, folder.resolve("cache"), firstLayer, endLayer);
    }

    private static Stage load(StageSpec spec, Room room) {
        return new OnnxEngine(room).load(spec, ProgressListener.NONE);
    }

    private record FakeRoom(long freeMemoryBytes, long diskBytes) implements Room {
        @Override
        public long freeDiskBytes(Path of) {
            return diskBytes;
        }
    }

    private static String digest(StageSpec spec) {
        try (var opened = dev.littoral.checkpoint.Checkpoint.open(spec.checkpoint())) {
            return StageDigest.of(opened, spec);
        }
    }

    private static Path prepared(StageSpec spec) {
        return spec.cache().resolve(digest(spec)).resolve("model.onnx");
    }
}
