package dev.littoral.e2e.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class CommandLineTest {

    @Test
    void blanksSeparateAndQuotesHoldTogether() {
        assertThat(CommandLine.words("a  -p='{\"b\": 1}' \"c d\" ''")).containsExactly("a", "-p={\"b\": 1}", "c d", "");
    }

    @Test
    void anOpenQuoteIsRefused() {
        assertThatThrownBy(() -> CommandLine.words("a 'b")).hasMessage("a quote is not closed in: a 'b");
    }
}
