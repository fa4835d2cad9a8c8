package dev.littoral.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files as large as they may be, and larger ones, in a process with half of an agent's heap: all that is real is read, and
 * what is made to fill the heap is refused by our own exception, never by the machine's.
 */
class SmallHeapTest {

    private static final String HEAP = "-Xmx64m";
    private static final int TENSORS = 100_000;

    @TempDir
    private Path folder;

    @FunctionalInterface
    private interface Text {
        void to(BufferedWriter out) throws IOException;
    }

    @Test
    void noFileFillsTheHeap() throws Exception {
        Map<String, String> expected = new TreeMap<>();
        config("config-lists", expected, 5_000_000, "[],", "[]]}", "a part of it has more than 100000 values");
        config(
                "config-large",
                expected,
                9_000_000,
                "[],",
                "[]]}",
                "it has 27,000,",
                "of which at most 16,777,216 are read");
        config("config-objects", expected, 2_000_000, "{\"a\":1},", "1]}", "more than 100000 values");
        config("config-deep", expected, 10_000_000, "[", "]}", "it is more than is read here");
        config(
                "config-text",
                expected,
                1,
                "\"" + "a".repeat(15_000_000) + "\",",
                "1]}",
                "it is more than is read here");
        config("config-name", expected, 1, "{\"" + "a".repeat(15_000_000) + "\":1},", "1]}", "more than is read here");
        config(
                "config-texts",
                expected,
                14,
                "\"" + "a".repeat(1_000_000) + "\u20ac\",",
                "1]}",
                "hidden_size: it is absent");
        header("header-metadata-of-many", expected, "", many(70_000_000, "\"k", "\":\"\","), "is read with");
        header(
                "header-metadata-of-one",
                expected,
                "",
                out -> out.write("\"k\":\"" + "a".repeat(70_000_000) + "\","),
                "is read with");
        header(
                "header-tensors",
                expected,
                many(70_000_000, "\"t", "\":{\"dtype\":\"I8\",\"shape\":[0],\"data_offsets\":[0,0]},"),
                "names and shapes take more than 41,943,040 bytes");
        header(
                "header-name",
                expected,
                out -> out.write("\"" + "a".repeat(70_000_000) + "\":1,"),
                "more than is read here");
        header(
                "header-lists",
                expected,
                out -> out.write("\"t\":[[],[],[],[],[]],".repeat(4_000_000)),
                "dtype absent is not one of");
        header(
                "header-long-list",
                expected,
                out -> out.write("\"t\":[" + "[],".repeat(20_000_000) + "1],"),
                "a part of it has more than 100 values");
        index("index-real", expected, "", "is read with");
        index("index-metadata", expected, "\"metadata\":[" + "[],".repeat(5_000_000) + "1],", "is read with");
        index(
                "index-large",
                expected,
                "\"metadata\":[" + "[],".repeat(12_000_000) + "1],",
                "of which at most 33,554,432 are read");
        beside(
                "tokenizer-config-real",
                "tokenizer_config.json",
                expected,
                out -> {
                    out.write("{\"added_tokens_decoder\":{");
                    for (int i = 0; i < 65_000; i++) {
                        out.write(
                                "\"%d\":{\"content\":\"<|s_%d|>\",\"lstrip\":false,\"normalized\":false,\"rstrip\":false,\"single_word\":false,\"special\":false},"
                                        .formatted(128_000 + i, i));
                    }
                    out.write("\"1\":{}},\"chat_template\":\"{{ messages }}\"}");
                },
                "is read with");
        beside(
                "template-large",
                "chat_template.jinja",
                expected,
                out -> out.write("{{ a }}".repeat(200_000)),
                "of which at most 1,048,576 are read");
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < 6; i++) {
            String value = List.of("[],", "{},", "\"\u20ac\",", "[[[1]]],", "{\"\u20ac\":[]},", "1.5e300,")
                    .get(i);
            config(
                    "config-random-" + i,
                    expected,
                    random.nextInt(1_000_000, 16_000_000) / value.length(),
                    value,
                    "1]}",
                    "is refused: ");
        }

        Map<String, String> ends = ends();

        assertThat(ends.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, why) ->
                assertThat(Objects.requireNonNull(ends.get(name))).as(name).contains(why.split("\n")));
    }

    private Map<String, String> ends() throws Exception {
        Path output = folder.resolve("output");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms16m",
                        HEAP,
                        "-XX:+UseSerialGC",
                        "-Dstdout.encoding=UTF-8",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallHeapMain.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = child.waitFor(5, TimeUnit.MINUTES);
        child.destroyForcibly();
        assertThat(ended).as(Files.readString(output)).isTrue();
        assertThat(child.exitValue()).as(Files.readString(output)).isZero();
        Map<String, String> ends = new TreeMap<>();
        for (String line : Files.readAllLines(output)) {
            ends.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
        }
        return ends;
    }

    private void config(String name, Map<String, String> expected, int times, String value, String end, String... why)
            throws IOException {
        write(Files.createDirectories(folder.resolve(name)).resolve("config.json"), out -> {
            out.write("{\"architectures\":[\"LlamaForCausalLM\"],\"num_hidden_layers\":2,\"x\":[");
            for (int i = 0; i < times; i++) {
                out.write(value);
            }
            out.write(end);
        });
        expected.put(name, String.join("\n", why));
    }

    private void header(String name, Map<String, String> expected, Text tensors, String why) throws IOException {
        header(name, expected, tensors, out -> {}, why);
    }

    private void header(String name, Map<String, String> expected, String tensors, Text metadata, String why)
            throws IOException {
        header(name, expected, out -> out.write(tensors), metadata, why);
    }

    private void header(String name, Map<String, String> expected, Text tensors, Text metadata, String why)
            throws IOException {
        Path checkpoint = Files.createDirectories(folder.resolve(name));
        Files.writeString(checkpoint.resolve("config.json"), TinyCheckpoint.CONFIG);
        safetensors(
                checkpoint.resolve("model.safetensors"),
                List.copyOf(TinyCheckpoint.shapes().keySet()),
                out -> {
                    tensors.to(out);
                    out.write("\"__metadata__\":{");
                    metadata.to(out);
                    out.write("\"last\":\"\"},");
                });
        expected.put(name, why);
    }

    /** Two files with all that the model needs and 100,000 tensors that it does not. */
    private void index(String name, Map<String, String> expected, String first, String why) throws IOException {
        Path checkpoint = Files.createDirectories(folder.resolve(name));
        Files.writeString(checkpoint.resolve("config.json"), TinyCheckpoint.CONFIG);
        List<String> names = List.copyOf(TinyCheckpoint.shapes().keySet());
        Map<String, String> fileOf = new HashMap<>();
        for (int shard = 0; shard < 2; shard++) {
            List<String> own = shard == 0 ? names.subList(0, 5) : names.subList(5, names.size());
            List<String> others = new ArrayList<>();
            for (int i = 0; i < TENSORS / 2; i++) {
                others.add("model.layers.%d.mlp.experts.%d.down_proj.weight_scale_inverse".formatted(shard, i));
            }
            String file = "model-0000%d-of-00002.safetensors".formatted(shard + 1);
            own.forEach(tensor -> fileOf.put(tensor, file));
            others.forEach(tensor -> fileOf.put(tensor, file));
            safetensors(checkpoint.resolve(file), own, out -> {
                for (String other : others) {
                    out.write("\"%s\":{\"dtype\":\"F8_E4M3\",\"shape\":[0,7168],\"data_offsets\":[0,0]},"
                            .formatted(other));
                }
            });
        }
        write(checkpoint.resolve("model.safetensors.index.json"), out -> {
            out.write("{" + first + "\"weight_map\":{");
            fileOf.remove(names.getLast());
            for (var entry : fileOf.entrySet()) {
                out.write("\"" + entry.getKey() + "\":\"" + entry.getValue() + "\",");
            }
            out.write("\"" + names.getLast() + "\":\"model-00002-of-00002.safetensors\"}}");
        });
        expected.put(name, why);
    }

    private void beside(String name, String file, Map<String, String> expected, Text text, String why)
            throws IOException {
        write(TinyCheckpoint.write(folder.resolve(name)).resolve(file), text);
        expected.put(name, why);
    }

    private static Text many(int bytes, String before, String after) {
        return out -> {
            int written = 0;
            for (int i = 0; written < bytes; i++) {
                String next = before + i + after;
                out.write(next);
                written += next.length();
            }
        };
    }

    /** Writes a file of these tensors with a header that has {@code more} in its front. */
    private static void safetensors(Path file, List<String> names, Text more) throws IOException {
        ByteBuffer plain = ByteBuffer.wrap(TinyCheckpoint.safetensors(names)).order(ByteOrder.LITTLE_ENDIAN);
        String header = new String(plain.array(), 8, (int) plain.getLong(0), java.nio.charset.StandardCharsets.UTF_8)
                .replaceFirst("\"__metadata__\":\\{[^}]*},", "");
        long data = plain.capacity() - 8 - plain.getLong(0);
        write(file, out -> {
            out.write("12345678{");
            more.to(out);
            out.write(header.substring(1));
        });
        try (RandomAccessFile whole = new RandomAccessFile(file.toFile(), "rw")) {
            whole.writeLong(Long.reverseBytes(whole.length() - 8));
            whole.setLength(whole.length() + data);
        }
    }

    private static void write(Path file, Text text) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            text.to(out);
        }
    }
}
