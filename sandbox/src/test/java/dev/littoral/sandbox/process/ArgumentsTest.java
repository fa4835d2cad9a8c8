package dev.littoral.sandbox.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ArgumentsTest {

    @Test
    void namesCarryTheirValues() {
        assertThat(Arguments.parse("--data", "x", "--exit", "").required("data"))
                .isEqualTo("x");
        assertThat(Arguments.parse("--data", "x", "--exit", "").optional("exit"))
                .contains("");
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> Arguments.parse().required("data")).hasMessage("--data is missing");
        assertThatThrownBy(() -> Arguments.parse("--data")).hasMessageContaining("--data");
    }
}
