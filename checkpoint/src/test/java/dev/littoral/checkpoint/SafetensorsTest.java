package dev.littoral.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.littoral.checkpoint.CheckpointException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {

    @TempDir
    private Path folder;

    @Test
    void tensorsAreFoundWhereTheHeaderSays() throws IOException {
        String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
                + "\"b\":{\"dtype\":\"BF16\",\"shape\":[],\"data_offsets\":[8,10]}}";
        byte[] bytes = TinyCheckpoint.safetensors(header, 10);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 6, 2.5f);
        try (Safetensors file = open(bytes)) {
            assertThat(file.tensors().keySet()).containsExactly("a", "b");
            assertThat(file.tensors().get("a"))
                    .isEqualTo(new TensorInfo(DataType.F32, List.of(2L, 1L), 8 + header.length(), 8));
            float[] values = new float[2];
            file.tensor("a").read(0, values);
            assertThat(values).containsExactly(0, 2.5f);
            assertThatThrownBy(() -> file.tensor("c"))
                    .isInstanceOfSatisfying(
                            CheckpointException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.WeightsMissing))
                    .hasMessageContaining("c: the file has no such tensor");
        }
    }

    @ParameterizedTest
    @CsvSource({"F32, 1, 0000803f", "F16, -2.5, 00c1", "F16, 0.00006103515625, 0004", "BF16, 1, 803f", "BF16, -3, 40c0"
    })
    void numbersOfEachTypeBecomeFloats(String dtype, float value, String hexadecimal) throws IOException {
        byte[] stored = java.util.HexFormat.of().parseHex(hexadecimal);
        byte[] bytes = TinyCheckpoint.safetensors(
                "{\"a\":{\"dtype\":\"%s\",\"shape\":[1],\"data_offsets\":[0,%d]}}".formatted(dtype, stored.length),
                stored.length);
        System.arraycopy(stored, 0, bytes, bytes.length - stored.length, stored.length);
        try (Safetensors file = open(bytes)) {
            float[] values = new float[1];
            file.tensor("a").read(0, values);
            assertThat(values[0]).isCloseTo(value, within(0f));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[4] | [0,17] | F32 | leave the 16 bytes of data",
                "[4] | [16,32] | F32 | leave the 16 bytes of data",
                "[4] | [16,0] | F32 | leave the 16 bytes",
                "[4] | [-1,15] | F32 | whole numbers from 0 on",
                "[4] | [0,9999999999999999999999] | F32 | whole numbers from 0 on",
                "[4] | [0] | F32 | must be two numbers",
                "[4] | 16 | F32 | must be two numbers",
                "[5] | [0,16] | F32 | takes 20 bytes, but data_offsets hold 16",
                "[-4] | [0,16] | F32 | negative or no whole number",
                "[1.5] | [0,16] | F32 | negative or no whole number",
                "[9223372036854775807,3] | [0,16] | F32 | overflows",
                "[4294967296,4294967296] | [0,16] | F32 | overflows",
                "[99999999999999999999] | [0,16] | F32 | negative or no whole number",
                "[1,1,1,1,1,1,1,1,4] | [0,16] | F32 | at most 8 sizes",
                "4 | [0,16] | F32 | must be a list",
                "[4] | [0,16] | F33 | dtype \"F33\" is not one of",
                "[4] | [0,16] | BF16 | takes 8 bytes",
                "[3] | [0,12] | F32 | the last 4 bytes belong to no tensor",
                "[3] | [4,16] | F32 | bytes before it that belong to no tensor",
            })
    void aTensorThatLiesIsNamed(String shape, String offsets, String dtype, String why) throws IOException {
        String header = "{\"t\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}".formatted(dtype, shape, offsets);
        assertInvalid(TinyCheckpoint.safetensors(header, 16), why);
    }

    @ParameterizedTest
    @CsvSource({"F8_E4M3, 4", "F8_E5M2, 4", "F8_E8M0, 4", "U16, 8", "U32, 16", "U64, 32", "C64, 32"})
    void aTensorOfATypeThatNoWeightHasIsLeftAlone(String dtype, int bytes) throws IOException {
        String header = "{\"t\":{\"dtype\":\"%s\",\"shape\":[4],\"data_offsets\":[0,%d]}}".formatted(dtype, bytes);
        try (Safetensors file = open(TinyCheckpoint.safetensors(header, bytes))) {
            assertThat(file.tensors().get("t")).matches(tensor -> tensor.elements() == 4);
        }
    }

    @Test
    void tensorsThatOverlapAreRefused() throws IOException {
        String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}";
        assertInvalid(TinyCheckpoint.safetensors(header, 16), "b: its bytes overlap");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{", "null", "{\"a\":1,\"a\":2}", "{} {}", "{\"t\":7}", "{\"t\":null}"})
    void aHeaderThatIsNoHeaderIsRefused(String header) throws IOException {
        assertInvalid(TinyCheckpoint.safetensors(header, 16), "model.safetensors");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 1000, Integer.MAX_VALUE, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void aHeaderLongerThanTheFileIsRefused(long length) throws IOException {
        byte[] bytes = TinyCheckpoint.safetensors("{}", 0);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
        assertInvalid(bytes, "header claims");
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] whole = TinyCheckpoint.safetensors(TinyCheckpoint.shapes().keySet());
        for (int length : new int[] {0, 1, 7, 8, 9, 100, whole.length / 2, whole.length - 1}) {
            assertInvalid(java.util.Arrays.copyOf(whole, length), "");
        }
    }

    @Test
    void flippedBytesEndInAFileThatWorksOrInOneException() throws IOException {
        byte[] whole = TinyCheckpoint.safetensors(TinyCheckpoint.shapes().keySet());
        int header = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong() + 8;
        SplittableRandom random = new SplittableRandom(42);
        int refused = 0;
        for (int i = 0; i < 2000; i++) {
            byte[] mutated = whole.clone();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                mutated[random.nextInt(header)] = (byte) random.nextInt(256);
            }
            try (Safetensors file = open(mutated)) {
                file.tensors().keySet().forEach(name -> file.tensor(name).data().byteSize());
            } catch (CheckpointException e) {
                assertThat(e.file()).endsWith("model.safetensors");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> Safetensors.open(folder.resolve("absent.safetensors")))
                .isInstanceOfSatisfying(
                        CheckpointException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WeightsMissing))
                .hasMessageContaining("absent.safetensors");
    }

    private void assertInvalid(byte[] bytes, String why) {
        assertThatThrownBy(() -> open(bytes))
                .isInstanceOfSatisfying(
                        CheckpointException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WeightsInvalid))
                .hasMessageContaining("model.safetensors")
                .hasMessageContaining(why);
    }

    private Safetensors open(byte[] bytes) throws IOException {
        return Safetensors.open(Files.write(folder.resolve("model.safetensors"), bytes));
    }
}
