package dev.littoral.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.bench.files.FigureFile;
import dev.littoral.engine.Sampler;
import dev.littoral.engine.Sampling;
import dev.littoral.engine.json.JsonAnswer;
import dev.littoral.engine.json.JsonTokens;
import dev.littoral.engine.json.Vocabulary;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What choosing a token takes when the answer is held to JSON, beside choosing the same token freely. */
@Command(
        name = "json",
        mixinStandardHelpOptions = true,
        description = "Choosing tokens of JSON beside choosing freely.")
final class JsonBench implements Callable<Integer> {

    private static final String ANSWER = """
            {
              "name": "Ada Lovelace", "born": 1815, "tags": ["first", "poet \\u00e9", "caf\u00e9"],
              "notes": {"engine": {"kind": "analytical", "cost": -1.25e+3, "built": false, "seen": null}},
              "list": [[1, 2], [3.5, {"a": {"b": [true, {"deep": "er"}]}}]]
            }""";

    @Option(names = "--vocabulary", defaultValue = "151936", description = "Tokens; default ${DEFAULT-VALUE}.")
    private int size;

    @Option(names = "--rounds", defaultValue = "15", description = "Medians are taken of so many.")
    private int rounds;

    @Option(names = "--out", defaultValue = "bench/results", description = "Folder for json.json.")
    private Path out = Path.of("");

    @Override
    public Integer call() throws IOException {
        List<byte[]> words = words(size);
        int[] answer = spelled(words);
        long begin = System.nanoTime();
        Vocabulary vocabulary = Vocabulary.of(words);
        JsonTokens tokens = new JsonTokens(vocabulary);
        double preparedMillis = (System.nanoTime() - begin) / 1e6;
        double[] first = visits(tokens, answer);
        ObjectNode figures = new ObjectMapper().createObjectNode();
        figures.put("vocabulary", size)
                .put("tokens_of_the_answer", answer.length)
                .put("vocabulary_prepared_millis", preparedMillis)
                .put("first_visits_millis", Arrays.stream(first).sum())
                .put("longest_first_visit_millis", Arrays.stream(first).max().orElseThrow());
        System.out.printf(
                Locale.ROOT,
                "%,d tokens, an answer of %d; prepared once in %.0f ms; first visits of its places %.1f ms together, %.2f ms at"
                        + " most%n",
                size,
                answer.length,
                preparedMillis,
                Arrays.stream(first).sum(),
                Arrays.stream(first).max().orElseThrow());
        System.out.printf("%-28s%14s%14s%10s%n", "MICROSECONDS A TOKEN", "FREE", "JSON", "MORE");
        samplings().forEach((name, sampling) -> row(name, sampling, tokens, answer, figures.putObject(name)));
        Path file = out.resolve("json.json");
        FigureFile.write(file, figures);
        System.out.println("figures: " + file);
        return 0;
    }

    private void row(String name, Sampling sampling, JsonTokens tokens, int[] answer, ObjectNode figures) {
        double[] free = new double[rounds];
        double[] held = new double[rounds];
        float[] logits = logits();
        for (int round = -3; round < rounds; round++) { // three to warm up
            double without = micros(new Sampler(sampling), logits, answer);
            double with = micros(new Sampler(sampling, new JsonAnswer(tokens)), logits, answer);
            if (round >= 0) {
                free[round] = without;
                held[round] = with;
            }
        }
        double without = median(free);
        double with = median(held);
        figures.put("free_micros", without).put("json_micros", with).put("more_percent", 100 * (with / without - 1));
        System.out.printf(Locale.ROOT, "%-28s%14.1f%14.1f%9.1f%%%n", name, without, with, 100 * (with / without - 1));
    }

    private static Map<String, Sampling> samplings() {
        Map<String, Sampling> samplings = new LinkedHashMap<>();
        samplings.put("greedy", Sampling.GREEDY);
        samplings.put("temperature 1", new Sampling(1, 1, 0, OptionalLong.of(1)));
        samplings.put("top_p 0.9", new Sampling(0.7, 0.9, 0, OptionalLong.of(1)));
        samplings.put("top_k 40", new Sampling(0.7, 0.95, 40, OptionalLong.of(1)));
        return samplings;
    }

    /** Chooses the tokens of the answer, each of which is by far the likeliest in its turn; both ways the same. */
    private static double micros(Sampler sampler, float[] logits, int[] answer) {
        long nanos = 0;
        FloatBuffer row = FloatBuffer.wrap(logits);
        for (int token : answer) {
            float before = logits[token];
            logits[token] = 60;
            long begin = System.nanoTime();
            int chosen = sampler.sample(row).token();
            nanos += System.nanoTime() - begin;
            logits[token] = before;
            if (chosen != token) {
                throw new IllegalStateException("token " + chosen + " was chosen instead of " + token);
            }
        }
        return nanos / 1e3 / answer.length;
    }

    private static double[] visits(JsonTokens tokens, int[] answer) {
        JsonAnswer form = new JsonAnswer(tokens);
        double[] millis = new double[answer.length];
        for (int i = 0; i < answer.length; i++) {
            long begin = System.nanoTime();
            form.allowed();
            millis[i] = (System.nanoTime() - begin) / 1e6;
            form.accept(answer[i]);
        }
        return millis;
    }

    private float[] logits() {
        SplittableRandom random = new SplittableRandom(3);
        float[] logits = new float[size];
        for (int i = 0; i < size; i++) {
            logits[i] = (float) random.nextDouble(-10, 10);
        }
        return logits;
    }

    /** All bytes, 7,371 runs of the signs of JSON, and words of letters, half of them with a blank before. */
    private static List<byte[]> words(int size) {
        SplittableRandom random = new SplittableRandom(7);
        Map<String, byte[]> words = new LinkedHashMap<>();
        for (int b = 0; b < 256; b++) {
            words.put("byte " + b, new byte[] {(byte) b});
        }
        String signs = "{}[]\":,\n ";
        List<String> runs = List.of("");
        for (int length = 1; length <= 4; length++) {
            runs = runs.stream()
                    .flatMap(run -> signs.chars().mapToObj(c -> run + (char) c))
                    .toList();
            if (length > 1) {
                runs.forEach(run -> words.put(run, run.getBytes(StandardCharsets.UTF_8)));
            }
        }
        while (words.size() < size) {
            StringBuilder word = new StringBuilder(random.nextBoolean() ? " " : "");
            for (int letters = random.nextInt(2, 11); letters > 0; letters--) {
                word.append((char) ('a' + (int) (26 * random.nextDouble() * random.nextDouble())));
            }
            words.put(word.toString(), word.toString().getBytes(StandardCharsets.UTF_8));
        }
        return new ArrayList<>(words.values()).subList(0, size);
    }

    /** Spells the answer with the longest tokens that fit. */
    private static int[] spelled(List<byte[]> words) {
        Map<String, Integer> tokens = new HashMap<>();
        int longest = 0;
        for (int token = 0; token < words.size(); token++) {
            tokens.put(new String(words.get(token), StandardCharsets.ISO_8859_1), token);
            longest = Math.max(longest, words.get(token).length);
        }
        String text = new String(ANSWER.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        List<Integer> spelled = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int length = Math.min(longest, text.length() - at);
            while (!tokens.containsKey(text.substring(at, at + length))) {
                length--;
            }
            spelled.add(tokens.get(text.substring(at, at + length)));
            at += length;
        }
        return spelled.stream().mapToInt(Integer::intValue).toArray();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
