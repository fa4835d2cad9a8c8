package dev.littoral.scheduler.length;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.algorithms.length.Features;
import dev.littoral.algorithms.length.Label;
import dev.littoral.algorithms.length.PromptReading;
import dev.littoral.algorithms.length.WarmData;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class LengthFilesTest {

    @Test
    void theShippedFactorIsWrittenAsItWasRead() throws IOException {
        WarmData shipped = WarmFactorFile.shipped();

        assertThat(WarmFactorFile.read(WarmFactorFile.write(shipped)))
                .usingRecursiveComparison()
                .isEqualTo(shipped);
        assertThat(shipped.points().length).isGreaterThan(1000);
    }

    @Test
    void aDamagedFactorIsRefused() throws IOException {
        byte[] bytes = WarmFactorFile.write(WarmFactorFile.shipped());
        bytes[bytes.length / 2] ^= 1;

        assertThatThrownBy(() -> WarmFactorFile.read(bytes))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("checksum");
    }

    @Test
    void aFactorOfAnotherVersionIsRefused() throws IOException {
        byte[] bytes = WarmFactorFile.write(WarmFactorFile.shipped());
        bytes[3] = '1';

        assertThatThrownBy(() -> WarmFactorFile.read(bytes))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no warm factor of version 2");
    }

    @Test
    void aLearnedAnswerComesBackFromItsBytes() {
        byte[] steps = new byte[PromptReading.size()];
        steps[7] = -100;
        LearnedAnswer answer = new LearnedAnswer(new Features(steps), 12.5, new Label.CutAt(99));

        assertThat(LearnedAnswer.read(answer.write())).contains(answer);
    }

    @Test
    void aLearnedAnswerOfAnotherVersionIsLeftOut() {
        byte[] bytes = new LearnedAnswer(new Features(new byte[PromptReading.size()]), 1, new Label.Ended(5)).write();
        bytes[0] = 9;

        assertThat(LearnedAnswer.read(bytes)).isEmpty();
        assertThat(LearnedAnswer.read(new byte[3])).isEmpty();
    }
}
