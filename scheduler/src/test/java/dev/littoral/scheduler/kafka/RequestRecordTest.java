package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class RequestRecordTest {

    private static final int MOST = RequestRecord.MAX_ENVELOPE_BYTES;

    @Test
    void keyValueAndAllHeadersCount() {
        RequestRecord request = of("key", "value", Map.of("ce_id", "r1", "x-note", "äöü"));

        // 3 + 5 + (5 + 2) + (6 + 6)
        assertThat(request.bytes()).isEqualTo(27);
        assertThat(request.cut()).isFalse();
    }

    @Test
    void aKeyAndHeadersOfTheBoundAreKept() {
        RequestRecord request = of("k".repeat(MOST - 7), "value", Map.of("ce_id", "r1"));

        assertThat(request.cut()).isFalse();
        assertThat(request.key()).hasValueSatisfying(key -> assertThat(key).hasSize(MOST - 7));
    }

    @Test
    void longerOnesAreCutOffButForTheId() {
        RequestRecord request = of("key", "value", Map.of("ce_id", "r1", "x-note", "x".repeat(MOST)));

        assertThat(request.cut()).isTrue();
        assertThat(request.key()).isEmpty();
        assertThat(request.wire().headers()).containsOnlyKeys("ce_id");
        assertThat(request.wire().header("ce_id")).contains("r1");
        // 5 + (5 + 2)
        assertThat(request.bytes()).isEqualTo(12);
        assertThat(request.envelopeBytes()).isGreaterThan(MOST);
    }

    @Test
    void aLongKeyAloneIsCutOffToo() {
        assertThat(of("k".repeat(MOST + 1), "value", Map.of("ce_id", "r1")).key())
                .isEmpty();
    }

    @Test
    void anIdThatIsLongerThanAnIdMayBeIsCutOffToo() {
        RequestRecord request = of("key", "value", Map.of("ce_id", "r".repeat(MOST)));

        assertThat(request.wire().headers()).isEmpty();
    }

    private static RequestRecord of(String key, String value, Map<String, String> headers) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>("littoral.requests", 0, 0, key.getBytes(UTF_8), value.getBytes(UTF_8));
        headers.forEach((name, each) -> record.headers().add(name, each.getBytes(UTF_8)));
        return RequestRecord.of(record);
    }
}
