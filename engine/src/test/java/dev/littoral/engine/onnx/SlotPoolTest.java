package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.engine.StageInput;
import dev.littoral.engine.onnx.SlotPool.Loan;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlotPoolTest {

    private static final int[] SYSTEM = IntStream.range(100, 120).toArray();
    private final SlotPool pool = new SlotPool(3, 64);

    @Test
    void aFreeSlotThatHoldsThePromptIsTakenWithAllButTheLastRow() {
        int held = hold(SYSTEM).index();
        Loan loan = pool.take(SYSTEM);
        assertThat(loan.slot().index()).isEqualTo(held);
        assertThat(loan.source()).isSameAs(loan.slot());
        assertThat(loan.reused()).isEqualTo(19);
    }

    @Test
    void whatABusySlotHoldsIsCopied() {
        Slot busy = begin(SYSTEM);
        Loan loan = pool.take(with(SYSTEM, 1, 2));
        assertThat(loan.source()).isSameAs(busy);
        assertThat(loan.slot()).isNotSameAs(busy);
        assertThat(loan.reused()).isEqualTo(20);
    }

    @Test
    void aLongTalkIsNotGivenUpForItsBeginning() {
        Slot talk = hold(with(SYSTEM, IntStream.range(0, 30).toArray()));
        Loan loan = pool.take(with(SYSTEM, 999));
        // 20 of its 50 rows would stay
        assertThat(loan.slot()).isNotSameAs(talk);
        assertThat(loan.source()).isSameAs(talk);
    }

    @Test
    void aFewRowsAreNotWorthACopy() {
        begin(1, 2, 3, 4);
        assertThat(pool.take(new int[] {1, 2, 3, 4, 5}).reused()).isZero();
    }

    @Test
    void theSlotThatWasIdleLongestIsGivenUp() {
        Slot first = begin(1);
        Slot second = begin(2);
        Slot third = begin(3);
        pool.giveBack(second);
        pool.giveBack(first);
        pool.giveBack(third);
        assertThat(pool.take(new int[] {9}).slot()).isSameAs(second);
    }

    @Test
    void rowsThatWereRolledBackAreNotKnownAnyMore() {
        Slot slot = begin(SYSTEM);
        slot.rollBack(3);
        pool.giveBack(slot);
        assertThat(pool.take(SYSTEM).reused()).isEqualTo(3);
    }

    @Test
    void aLaterStageKnowsTheTokensOfThePromptOnly() {
        Slot slot = pool.take(SYSTEM).slot();
        slot.begin(0, SYSTEM);
        var hidden = new StageInput.Activations(java.nio.ByteBuffer.allocate(0), 12);
        slot.append(hidden, 0, 12);
        assertThat(slot.commonWith(SYSTEM)).isEqualTo(12);
        slot.append(hidden, 0, 12);
        assertThat(slot.length()).isEqualTo(24);
        assertThat(slot.commonWith(with(SYSTEM, 0, 0, 0, 0))).isEqualTo(20);
    }

    private Slot hold(int... tokens) {
        Slot slot = begin(tokens);
        pool.giveBack(slot);
        return slot;
    }

    private Slot begin(int... tokens) {
        Slot slot = pool.take(new int[0]).slot();
        slot.begin(0, tokens);
        slot.append(new StageInput.Tokens(tokens), 0, tokens.length);
        return slot;
    }

    private static int[] with(int[] head, int... tail) {
        return IntStream.concat(IntStream.of(head), IntStream.of(tail)).toArray();
    }
}
