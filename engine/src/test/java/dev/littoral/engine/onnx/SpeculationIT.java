package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.engine.ContextExceededException;
import dev.littoral.engine.Drafter;
import dev.littoral.engine.Sample;
import dev.littoral.engine.Sampler;
import dev.littoral.engine.Sampling;
import dev.littoral.engine.Sequence;
import dev.littoral.engine.Stage;
import dev.littoral.engine.StageInput;
import dev.littoral.engine.StageOutput;
import dev.littoral.engine.Verifier;
import dev.littoral.engine.json.JsonAnswer;
import dev.littoral.engine.json.JsonTokens;
import dev.littoral.engine.json.Vocabulary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds that drafts change how soon tokens come, and nothing else. */
class SpeculationIT {

    private static final int TOKENS = 24;
    private static final Sampling WARM = new Sampling(0.8, 0.95, 40, OptionalLong.of(7));

    @TempDir
    private static Path folder;

    private static Stage target;
    private static Stage draft;

    @BeforeAll
    static void load() throws IOException {
        Path large = RandomCheckpoint.write(folder.resolve("large"), RandomCheckpoint.LLAMA, "F32");
        Path small = RandomCheckpoint.write(
                folder.resolve("small"),
                RandomCheckpoint.LLAMA.replace("\"num_hidden_layers\": 5", "\"num_hidden_layers\": 4"),
                "F32");
        target = TestStages.load(large, folder.resolve("cache"), 0, 5, 4);
        draft = TestStages.load(small, folder.resolve("cache"), 0, 4, 4);
    }

    @AfterAll
    static void close() {
        target.close();
        draft.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8, 32})
    void draftsOfASmallModelLeaveTheGreedyAnswerAsItIs(int length) {
        for (int variation = 0; variation < 8; variation++) {
            int[] prompt = RandomCheckpoint.prompt(5 + 3 * variation, variation);
            assertThat(speculative(prompt, length, Sampling.GREEDY)).isEqualTo(plain(prompt, Sampling.GREEDY));
        }
    }

    @Test
    void draftsLeaveADrawnAnswerAsItIsToo() {
        int[] prompt = RandomCheckpoint.prompt(20);
        assertThat(speculative(prompt, 4, WARM)).isEqualTo(plain(prompt, WARM));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8})
    void draftsLeaveAJsonAnswerAsItIsAndNothingFollowsItsEnd(int length) {
        JsonTokens json = new JsonTokens(vocabulary());
        int ended = 0;
        for (int variation = 0; variation < 12; variation++) {
            int[] prompt = RandomCheckpoint.prompt(5 + variation, variation);
            List<Integer> plain = plain(prompt, new Sampler(WARM, new JsonAnswer(json)));
            assertThat(speculative(prompt, length, new Sampler(WARM, new JsonAnswer(json))))
                    .isEqualTo(plain);
            JsonAnswer judge = new JsonAnswer(json);
            plain.forEach(judge::accept);
            ended += judge.complete() ? 1 : 0;
        }
        assertThat(ended).isBetween(1, 11);
    }

    /** Every byte, then pieces of JSON over and over. */
    private static Vocabulary vocabulary() {
        List<String> pieces = List.of("}", "\"a\":", "1", ",", "[", "]", "\"b\"", "{", "x");
        return Vocabulary.of(IntStream.range(0, RandomCheckpoint.VOCABULARY)
                .mapToObj(token -> token < 256
                        ? new byte[] {(byte) token}
                        : pieces.get(token % pieces.size()).getBytes(StandardCharsets.UTF_8))
                .toList());
    }

    @Test
    void sessionsThatSpeculateAtOnceDoNotChangeEachOther() {
        List<int[]> prompts = IntStream.range(0, 4)
                .mapToObj(i -> RandomCheckpoint.prompt(10 + i, i))
                .toList();
        List<List<Integer>> alone =
                prompts.stream().map(prompt -> plain(prompt, Sampling.GREEDY)).toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<CompletableFuture<List<Integer>>> answers = prompts.stream()
                    .map(prompt ->
                            CompletableFuture.supplyAsync(() -> speculative(prompt, 5, Sampling.GREEDY), threads))
                    .toList();
            assertThat(answers.stream().map(CompletableFuture::join)).isEqualTo(alone);
        }
    }

    @Test
    void aRightDraftStandsAsAWholeAndBringsOneTokenMore() {
        int[] prompt = RandomCheckpoint.prompt(12);
        List<Integer> answer = plain(prompt, Sampling.GREEDY);
        try (Sequence sequence = target.open(128)) {
            Verifier verifier = new Verifier(sequence, new Sampler(Sampling.GREEDY));
            assertThat(verifier.begin(prompt).token()).isEqualTo(answer.getFirst());
            Verifier.Verdict verdict = verifier.verify(ints(answer.subList(1, 9)));
            assertThat(verdict.accepted()).isEqualTo(8);
            assertThat(verdict.tokens().stream().map(Sample::token)).isEqualTo(answer.subList(1, 10));
            assertThat(sequence.length()).isEqualTo(12 + 9);
        }
    }

    @Test
    void aWrongTokenEndsTheDraftAndItsRowsAreForgotten() {
        int[] prompt = RandomCheckpoint.prompt(12);
        List<Integer> answer = plain(prompt, Sampling.GREEDY);
        int[] guess = ints(answer.subList(1, 6));
        guess[2] = (guess[2] + 1) % RandomCheckpoint.VOCABULARY;
        try (Sequence sequence = target.open(128)) {
            Verifier verifier = new Verifier(sequence, new Sampler(Sampling.GREEDY));
            verifier.begin(prompt);
            Verifier.Verdict verdict = verifier.verify(guess);
            assertThat(verdict.accepted()).isEqualTo(2);
            assertThat(verdict.tokens().stream().map(Sample::token)).isEqualTo(answer.subList(1, 4));
            assertThat(sequence.length()).isEqualTo(12 + 3);
        }
    }

    @Test
    void rollingBackLeavesWhatAFreshSequenceHas() {
        SplittableRandom random = new SplittableRandom(42);
        for (int round = 0; round < 20; round++) {
            int[] prompt = RandomCheckpoint.prompt(random.nextInt(2, 60), round);
            int[] other = RandomCheckpoint.prompt(random.nextInt(1, 30), round + 100);
            int kept = random.nextInt(1, prompt.length);
            try (Sequence used = target.open(128);
                    Sequence fresh = target.open(128)) {
                used.forward(new StageInput.Tokens(Arrays.copyOf(prompt, kept)));
                used.forward(new StageInput.Tokens(other));
                used.rollBack(kept);
                fresh.forward(new StageInput.Tokens(Arrays.copyOf(prompt, kept)));
                int[] rest = Arrays.copyOfRange(prompt, kept, prompt.length);
                assertThat(TestStages.forward(List.of(used), rest))
                        .containsExactly(TestStages.forward(List.of(fresh), rest));
                assertThat(used.length()).isEqualTo(prompt.length);
            }
        }
    }

    @Test
    void aPromptThatBeginsAsAnotherDidRunsItsRestOnlyAndAnswersAlike() {
        int[] first = RandomCheckpoint.prompt(100);
        int[] second = first.clone();
        second[70] = (second[70] + 1) % RandomCheckpoint.VOCABULARY;
        List<List<Integer>> answers = new ArrayList<>();
        try (Sequence busy = target.open(256, first)) {
            busy.forward(new StageInput.Tokens(first));
            long reused = target.activity().reusedRows();
            try (Sequence sequence = target.open(256, second)) {
                assertThat(sequence.length()).isEqualTo(70);
                answers.add(answer(sequence, second, new Sampler(Sampling.GREEDY)));
            }
            assertThat(target.activity().reusedRows()).isEqualTo(reused + 70);
            // in its own slot now, all but the prompt's last row
            try (Sequence sequence = target.open(256, second)) {
                assertThat(sequence.length()).isEqualTo(99);
                answers.add(answer(sequence, second, new Sampler(Sampling.GREEDY)));
            }
            assertThat(busy.length()).isEqualTo(100);
            assertThat(answers).containsOnly(plain(second, Sampling.GREEDY));
        }
    }

    @Test
    void aDraftThatDoesNotFitIsRefusedAndAShorterOneIsNot() {
        try (Sequence sequence = target.open(10)) {
            Verifier verifier = new Verifier(sequence, new Sampler(Sampling.GREEDY));
            verifier.begin(RandomCheckpoint.prompt(8));
            assertThatThrownBy(() -> verifier.verify(1, 2)).isInstanceOf(ContextExceededException.class);
            assertThat(verifier.verify(1).tokens()).isNotEmpty();
            assertThatThrownBy(() -> sequence.rollBack(11)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> sequence.forward(new StageInput.Tokens(new int[] {1}), 2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("logitRows is 2");
        }
    }

    private static List<Integer> plain(int[] prompt, Sampling sampling) {
        return plain(prompt, new Sampler(sampling));
    }

    private static List<Integer> plain(int[] prompt, Sampler sampler) {
        try (Sequence sequence = target.open(256)) {
            return answer(sequence, prompt, sampler);
        }
    }

    private static List<Integer> answer(Sequence sequence, int[] prompt, Sampler sampler) {
        IntFunction<Sample> next = from -> sampler.sample(((StageOutput.Logits) sequence.forward(
                        new StageInput.Tokens(from < 0 ? rest(prompt, sequence.length()) : new int[] {from})))
                .lastRow());
        Sample sample = next.apply(-1);
        List<Integer> tokens = new ArrayList<>(List.of(sample.token()));
        while (tokens.size() < TOKENS && !sample.last()) {
            sample = next.apply(tokens.getLast());
            tokens.add(sample.token());
        }
        return tokens;
    }

    private static int[] rest(int[] prompt, int from) {
        return Arrays.copyOfRange(prompt, from, prompt.length);
    }

    private static List<Integer> speculative(int[] prompt, int length, Sampling sampling) {
        return speculative(prompt, length, new Sampler(sampling));
    }

    private static List<Integer> speculative(int[] prompt, int length, Sampler sampler) {
        try (Sequence large = target.open(256);
                Sequence small = draft.open(256)) {
            Verifier verifier = new Verifier(large, sampler);
            Drafter drafter = new Drafter(small, new Sampler(Sampling.GREEDY), prompt);
            Sample newest = verifier.begin(prompt);
            List<Integer> tokens = new ArrayList<>(List.of(newest.token()));
            drafter.follow(tokens.getFirst());
            while (tokens.size() < TOKENS && !newest.last()) {
                int[] guess =
                        drafter.propose(length).stream().mapToInt(Sample::token).toArray();
                List<Sample> given = verifier.verify(guess).tokens();
                newest = given.getLast();
                List<Integer> more = given.stream().map(Sample::token).toList();
                drafter.follow(ints(more));
                tokens.addAll(more);
            }
            return tokens.subList(0, Math.min(TOKENS, tokens.size()));
        }
    }

    private static int[] ints(List<Integer> tokens) {
        return tokens.stream().mapToInt(Integer::intValue).toArray();
    }
}
