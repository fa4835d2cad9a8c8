package dev.littoral.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogitBlocksTest {

    @ParameterizedTest
    @CsvSource({"151936, 128, 1187", "262144, 256, 1024", "32000, 256, 125", "997, 1, 997", "200, 200, 1", "1, 1, 1"})
    void aVocabularyIsDividedEvenlyIntoAsManyBlocksAsPay(int vocabulary, int count, int size) {
        assertThat(LogitBlocks.of(vocabulary)).isEqualTo(new LogitBlocks(count, size));
        assertThat(LogitBlocks.of(vocabulary).figures()).isEqualTo(3 * count);
    }
}
