package dev.littoral.operator.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteCountTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1023, 1023",
        "1024, 1Ki",
        "6377472, 6Mi",
        "6425674, 6.1Mi",
        "293601280, 280Mi",
        "1073741823, 1023Mi",
        "9007199254740992, 8Pi"
    })
    void isBriefAsAQuantityThatIsNotMoreThanItself(long bytes, String brief) {
        assertThat(new ByteCount(bytes).brief()).isEqualTo(brief);
        assertThat(Quantity.parse(brief).getNumericalAmount()).isLessThanOrEqualTo(BigDecimal.valueOf(bytes));
    }

    @Test
    void isReadAsKubernetesWritesIt() {
        assertThat(new ByteCount.Reader().convert("256Mi")).isEqualTo(new ByteCount(268_435_456));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "much", "300m"})
    void whatIsNoWholeNumberOfBytesIsRefused(String text) {
        assertThatThrownBy(() -> new ByteCount.Reader().convert(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
