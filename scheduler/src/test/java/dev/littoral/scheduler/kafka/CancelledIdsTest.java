package dev.littoral.scheduler.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CancelledIdsTest {

    @Test
    void theLastOnesAreKnown() {
        CancelledIds ids = new CancelledIds(2);

        ids.add("a");
        ids.add("b");
        ids.add("a");
        ids.add("c");

        assertThat(ids.has("a")).isTrue();
        assertThat(ids.has("b")).isFalse();
        assertThat(ids.has("c")).isTrue();
    }

    @Test
    void whatNoRequestCanBeCalledTakesNoRoom() {
        CancelledIds ids = new CancelledIds(2);

        ids.add("x".repeat(257));

        assertThat(ids.has("x".repeat(257))).isFalse();
    }
}
