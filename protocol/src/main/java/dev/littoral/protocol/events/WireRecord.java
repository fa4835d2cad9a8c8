package dev.littoral.protocol.events;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A record as it came, unchecked and independent of any Kafka client.
 *
 * @param headers by lower-case name; of headers with the same name the last one counts
 * @param value absent when the record is a tombstone
 */
public record WireRecord(Map<String, byte[]> headers, Optional<byte[]> value) {

    /** Copies the headers, lower-casing their names. */
    public WireRecord {
        Map<String, byte[]> lower = new LinkedHashMap<>();
        headers.forEach((name, bytes) -> lower.put(name.toLowerCase(Locale.ROOT), bytes));
        headers = lower;
    }

    /** Returns a header's value as UTF-8; bytes that are not UTF-8 become U+FFFD. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name)).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** Counts the bytes of the value. */
    public int valueBytes() {
        return value.map(bytes -> bytes.length).orElse(0);
    }
}
