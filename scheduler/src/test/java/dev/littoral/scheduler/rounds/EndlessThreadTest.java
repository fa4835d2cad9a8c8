package dev.littoral.scheduler.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EndlessThreadTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final AtomicInteger rounds = new AtomicInteger();

    @Test
    void aRoundThatFailsIsNotTheLast() {
        Thread thread = EndlessThread.start(Thread.ofVirtual(), "test", Duration.ofMillis(1), () -> {
            switch (rounds.incrementAndGet()) {
                case 1 -> throw new IllegalStateException("a fault");
                case 2 -> throw new OutOfMemoryError("an error");
                default -> Thread.sleep(1);
            }
        });

        await().atMost(LONG).until(() -> rounds.get() > 4);
        assertThat(thread.isAlive()).isTrue();
        thread.interrupt();
    }

    @Test
    void anInterruptEndsThem() throws InterruptedException {
        Thread thread = EndlessThread.start(Thread.ofVirtual(), "test", Duration.ofHours(1), () -> {
            throw new IllegalStateException("a fault");
        });

        thread.interrupt();

        assertThat(thread.join(LONG)).isTrue();
    }
}
