package dev.littoral.sources.download;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DiskSpaceTest {

    private static final Path FOLDER = Path.of("/cache");

    @Test
    void theSumIsInTheMessage() {
        // 10,000,000,000 - 4,000,000,000 present = 6,000,000,000; + 67,108,864 reserve - 5,000,000,000 free
        assertThatThrownBy(() -> DiskSpace.require(
                        FOLDER, "hf://owner/name@main", 10_000_000_000L, 4_000_000_000L, 5_000_000_000L))
                .isInstanceOfSatisfying(
                        SourceException.class,
                        e -> org.assertj.core.api.Assertions.assertThat(e.reason())
                                .isEqualTo(Reason.NoDiskSpace))
                .hasMessageContainingAll(
                        "10,000,000,000", "4,000,000,000", "6,000,000,000", "1,067,108,864 are missing");
    }

    @Test
    void whatIsHereNeedsNoRoom() {
        assertThatCode(() -> DiskSpace.require(FOLDER, "x", 10, 10, DiskSpace.RESERVE_BYTES))
                .doesNotThrowAnyException();
        assertThatCode(() -> DiskSpace.require(FOLDER, "x", 10, 0, DiskSpace.RESERVE_BYTES + 10))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> DiskSpace.require(FOLDER, "x", 10, 0, DiskSpace.RESERVE_BYTES + 9))
                .hasMessageContaining("1 are missing");
    }
}
