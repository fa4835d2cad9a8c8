package dev.littoral.scheduler.kafka;

import dev.littoral.protocol.events.EventNames;
import dev.littoral.protocol.events.RequestReader;
import dev.littoral.protocol.events.WireRecord;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A request record while it is held.
 *
 * @param key absent, too, where it was cut off
 * @param wire without headers where they were cut off, but for the id's and the content type's if these are short
 * @param envelopeBytes of the key and all headers as they came
 */
record RequestRecord(Optional<byte[]> key, WireRecord wire, long envelopeBytes) {

    /** Longest key and headers together, in bytes; longer ones are cut off, so that the sender can at least be told. */
    static final int MAX_ENVELOPE_BYTES = 64 << 10;

    private static final String ID = EventNames.HEADER_PREFIX + "id";

    /** A character has at most three bytes of UTF-8 (a pair of surrogates has four). */
    private static final int MAX_KEPT_BYTES = 3 * RequestReader.MAX_ID_CHARACTERS;

    /** Copies what is needed of a record. */
    static RequestRecord of(ConsumerRecord<byte[], byte[]> record) {
        long envelope = Optional.ofNullable(record.key()).map(key -> key.length).orElse(0);
        Map<String, byte[]> headers = new LinkedHashMap<>();
        for (Header header : record.headers()) {
            byte[] value = Optional.ofNullable(header.value()).orElse(new byte[0]);
            envelope += header.key().getBytes(StandardCharsets.UTF_8).length + value.length;
            headers.put(header.key(), value);
        }
        Optional<byte[]> value = Optional.ofNullable(record.value());
        if (envelope <= MAX_ENVELOPE_BYTES) {
            return new RequestRecord(Optional.ofNullable(record.key()), new WireRecord(headers, value), envelope);
        }
        Map<String, byte[]> all = new WireRecord(headers, value).headers();
        Map<String, byte[]> kept = new LinkedHashMap<>();
        for (String name : List.of(ID, EventNames.CONTENT_TYPE_HEADER)) {
            Optional.ofNullable(all.get(name))
                    .filter(each -> each.length <= MAX_KEPT_BYTES)
                    .ifPresent(each -> kept.put(name, each));
        }
        return new RequestRecord(Optional.empty(), new WireRecord(kept, value), envelope);
    }

    /** Says whether its key and headers are longer than anybody takes, and are no longer there. */
    boolean cut() {
        return envelopeBytes > MAX_ENVELOPE_BYTES;
    }

    /** Counts the bytes that it holds: of the key, the value, and the headers' names and values. */
    long bytes() {
        return wire.valueBytes() + (cut() ? keptBytes() : envelopeBytes);
    }

    private long keptBytes() {
        return wire.headers().entrySet().stream()
                .mapToLong(each -> each.getKey().length() + each.getValue().length)
                .sum();
    }
}
