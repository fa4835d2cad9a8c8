package dev.littoral.algorithms.offloading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VirtualQueueTest {

    @Test
    void whatExceedsTheBudgetWaits() {
        assertThat(VirtualQueue.of(10).after(13).after(9)).isEqualTo(new VirtualQueue(2, 10));
    }

    @Test
    void whatWasSavedWhileNothingWaitedIsNotKept() {
        assertThat(VirtualQueue.of(10).after(2).after(11)).isEqualTo(new VirtualQueue(1, 10));
    }

    @Test
    void meanUseExceedsTheBudgetByNoMoreThanTheBacklogPerSlot() {
        SplittableRandom random = new SplittableRandom(3);
        VirtualQueue queue = VirtualQueue.of(5);
        double used = 0;
        for (int slot = 1; slot <= 10_000; slot++) {
            double now = random.nextDouble(11);
            used += now;
            queue = queue.after(now);
            assertThat(used / slot).isLessThanOrEqualTo(5 + queue.backlog() / slot + 1e-9);
        }
    }

    @Test
    void whatIsNoAmountIsRefused() {
        assertThatThrownBy(() -> VirtualQueue.of(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> VirtualQueue.of(1).after(Double.POSITIVE_INFINITY))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
