package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.engine.StageInput;
import dev.littoral.engine.StageOutput;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the queue on steps that take virtual time: 12 ms to decode, 10 ms for each row of a prompt. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class StepQueueTest {

    private static final long MILLI = 1_000_000;
    private static final long BOUND = 100 * MILLI;
    private static final long DECODE_STEP = 12 * MILLI;
    private static final long PROMPT_ROW = 10 * MILLI;
    private static final int CONTEXT = 1 << 14;

    private final Taken steps = new Taken();
    private final StepQueue queue = new StepQueue(
            steps, new Pace(Duration.ofNanos(BOUND), 128), () -> steps.time().nowNanos());
    private final VirtualTime time = new VirtualTime(queue::waiting);
    private int actors;

    /** Steps that do nothing but take their time; remembers when the rows of each work began to run. */
    private final class Taken implements Steps {

        private final Map<Work, Long> began = new HashMap<>();
        private final List<Integer> pieces = new ArrayList<>();

        VirtualTime time() {
            return time;
        }

        @Override
        public int decode(List<Work> works) {
            works.forEach(work -> began.put(work, time.nowNanos()));
            time.pass(DECODE_STEP);
            works.forEach(work -> work.ran(1, logits()));
            return 1;
        }

        @Override
        public void run(Work work, int rows) {
            pieces.add(rows);
            time.pass(rows * PROMPT_ROW);
            work.ran(rows, logits());
        }

        private static StageOutput.Logits logits() {
            return new StageOutput.Logits(FloatBuffer.allocate(1), 1);
        }

        long began(Work work) {
            return began.getOrDefault(work, Long.MAX_VALUE);
        }
    }

    /** A sequence that the queue runs on a thread of its own. */
    private final class Talk {

        private final int number = actors++;
        private final Seat seat = new Seat(new Slot(number, CONTEXT));

        Talk(int promptTokens) {
            seat.slot().begin(0, new int[promptTokens]);
        }

        Work run(int rows) {
            Work work = new Work(seat, new StageInput.Tokens(new int[rows]), 1, 0);
            queue.run(work);
            work.result();
            return work;
        }

        void away(long nanos) {
            time.sleep(number, nanos);
        }

        void close() {
            seat.close();
            queue.forget(seat);
        }
    }

    /** Sends prompts of 700 rows, one sequence after the other. */
    private Runnable prompts(int count) {
        List<Talk> talks =
                Collections.nCopies(count, 0).stream().map(_ -> new Talk(700)).toList();
        return () -> talks.forEach(talk -> {
            talk.run(700);
            talk.close();
            talk.away(MILLI);
        });
    }

    /** Decodes rows, and is away after each for what another stage, or a reader, takes; notes what each waited. */
    private Runnable decoder(int rows, long awayNanos, List<Long> waits) {
        Talk talk = new Talk(20);
        SplittableRandom random = new SplittableRandom(awayNanos);
        return () -> {
            talk.run(20);
            for (int i = 0; i < rows; i++) {
                talk.away((long) (awayNanos * random.nextDouble(0.75, 1.25)));
                long came = time.nowNanos();
                waits.add(steps.began(talk.run(1)) - came);
            }
            talk.away(MILLI);
            talk.close();
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 35, 99, 101, 150, 400, 2500, 30_000})
    void aRowWaitsForTheBoundAndADecodeStepAtMostHoweverSlowTheOtherStageIs(int awayMillis) {
        List<Long> waits = Collections.synchronizedList(new ArrayList<>());
        time.run(List.of(decoder(40, awayMillis * MILLI, waits), prompts(8), prompts(8)));

        assertThat(waits).hasSize(40).allMatch(wait -> wait <= BOUND + DECODE_STEP);
        // prompts did run before rows that came
        assertThat(Collections.max(waits)).isGreaterThan(BOUND / 2);
        assertThat(steps.pieces.stream().mapToInt(Integer::intValue).sum()).isEqualTo(20 + 16 * 700);
    }

    @Test
    void rowsOfManySequencesAtUnlikeTimesWaitNoLongerThanThat() {
        List<Long> waits = Collections.synchronizedList(new ArrayList<>());
        List<Runnable> all = new ArrayList<>(List.of(prompts(12), prompts(12), prompts(12)));
        for (int awayMillis : new int[] {9, 35, 170, 240, 410, 2300}) {
            all.add(decoder(30, awayMillis * MILLI, waits));
        }
        time.run(all);

        assertThat(waits).hasSize(180).allMatch(wait -> wait <= BOUND + DECODE_STEP);
        assertThat(Collections.max(waits)).isGreaterThan(BOUND);
    }

    @Test
    void aPromptAloneRunsInTheLargestPieces() {
        time.run(List.of(prompts(2)));

        assertThat(steps.pieces).containsExactly(128, 128, 128, 128, 128, 60, 128, 128, 128, 128, 128, 60);
    }

    @Test
    void afterTheLastDecodingSequenceClosedPiecesAreLargeAgain() {
        time.run(List.of(decoder(1, 150 * MILLI, new ArrayList<>()), prompts(1)));

        // the decoder's own prompt until 200 ms; 10 rows take 100 ms; its row comes in the second of these pieces, and
        // it closes in the third
        assertThat(steps.pieces).containsExactly(20, 10, 10, 10, 128, 128, 128, 128, 128, 30);
    }
}
