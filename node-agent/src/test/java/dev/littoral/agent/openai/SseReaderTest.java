package dev.littoral.agent.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SseReaderTest {

    private static final String BODY = "\uFEFFdata: one\r\n\r\n: a comment\nevent: x\ndata:two\ndata: lines\n\n"
            + "id: 7\n\ndata\n\ndata:  né 😀\r\rdata: cut off";

    private final List<String> events = new ArrayList<>();
    private final SseReader reader = new SseReader(events::add);

    private void feed(String text) {
        reader.feed(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void eventsAreReadAsTheStandardSays() {
        feed(BODY);

        assertThat(events).containsExactly("one", "two\nlines", "", " né 😀");
    }

    @Test
    void packetsMayBreakABodyAnywhere() {
        byte[] bytes = BODY.getBytes(StandardCharsets.UTF_8);
        var random = new SplittableRandom(42);
        for (int round = 0; round < 200; round++) {
            var found = new ArrayList<String>();
            var broken = new SseReader(found::add);
            for (int from = 0; from < bytes.length; ) {
                int length = Math.min(bytes.length - from, random.nextInt(1, 9));
                broken.feed(ByteBuffer.wrap(bytes, from, length));
                from += length;
            }

            assertThat(found).containsExactly("one", "two\nlines", "", " né 😀");
        }
    }

    @ParameterizedTest
    @CsvSource({"':', 262144, false", "':', 262145, true", "'data:', 262144, true"})
    void anEventIsBounded(String begin, int bytes, boolean refused) {
        String text = begin + "x".repeat(bytes - 1);
        if (refused) {
            assertThatThrownBy(() -> feed(text)).hasMessageContaining("more than 262144 bytes");
        } else {
            feed(text);
        }
    }

    @Test
    void manyShortLinesOfOneEventAreBoundedToo() {
        assertThatThrownBy(() -> feed("data: x\n".repeat(40_000))).hasMessageContaining("more than 262144 bytes");
    }

    @Test
    void bytesThatAreNoTextAreRefused() {
        assertThatThrownBy(() -> reader.feed(ByteBuffer.wrap(new byte[] {'d', (byte) 0xc3, '\n'})))
                .hasMessageContaining("not UTF-8");
    }
}
