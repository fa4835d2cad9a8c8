package dev.littoral.protocol.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.protocol.events.ReadRequest.Sound;
import dev.littoral.protocol.events.ReadRequest.Unreadable;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RequestReaderTest {

    private static final String BODY = "{\"model\":\"m\",\"messages\":[]}";
    private final RequestReader reader = new RequestReader(1 << 20);

    @Test
    void aBinaryEventIsReadWithItsTerms() {
        ReadRequest read = read(
                headers(
                        "ce_deadline",
                        "2026-11-21T10:00:00+01:00",
                        "ce_priority",
                        "-3",
                        "ce_time",
                        "2026-11-21T08:00:00Z"),
                BODY);

        assertThat(read)
                .isEqualTo(new Sound(new RequestEvent(
                        "r1",
                        "test",
                        Optional.of(Instant.parse("2026-11-21T08:00:00Z")),
                        Optional.of(Instant.parse("2026-11-21T09:00:00Z")),
                        -3,
                        Optional.empty(),
                        BODY)));
    }

    @Test
    void theTraceIsReadAndABrokenOneIsLeftOut() {
        String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        assertThat(trace(read(headers("traceparent", parent, "tracestate", "a=1"), BODY)))
                .contains(new TraceContext(parent, Optional.of("a=1")));
        assertThat(trace(read(headers("ce_traceparent", parent), BODY)))
                .contains(new TraceContext(parent, Optional.empty()));
        assertThat(trace(read(headers("traceparent", "00-" + "0".repeat(32) + "-b7ad6b7169203331-01"), BODY)))
                .isEmpty();
        assertThat(trace(read(headers("traceparent", "a\r\nb"), BODY))).isEmpty();
    }

    private static Optional<TraceContext> trace(ReadRequest read) {
        return ((Sound) read).event().trace();
    }

    @Test
    void headerNamesAreReadInAnyCase() {
        Map<String, String> upper = new HashMap<>();
        headers().forEach((name, value) -> upper.put(name.toUpperCase(java.util.Locale.ROOT), value));

        assertThat(read(upper, BODY)).isInstanceOf(Sound.class);
    }

    @Test
    void aBinaryEventMayLeaveItsSpecVersionOut() {
        Map<String, String> headers = new HashMap<>(headers());
        headers.remove("ce_specversion");

        assertThat(read(headers, BODY)).isInstanceOf(Sound.class);
    }

    @Test
    void aStructuredEventIsReadWithItsTerms() {
        String event = "{\"specversion\":\"1.0\",\"id\":\"s1\",\"source\":\"test\",\"type\":\"dev.littoral.request\","
                + "\"deadline\":\"2026-11-21T10:00:00Z\",\"priority\":7,\"data\":" + BODY + "}";

        assertThat(read(Map.of("content-type", "application/cloudevents+json"), event))
                .isEqualTo(new Sound(new RequestEvent(
                        "s1",
                        "test",
                        Optional.empty(),
                        Optional.of(Instant.parse("2026-11-21T10:00:00Z")),
                        7,
                        Optional.empty(),
                        BODY)));
    }

    @Test
    void aStructuredEventThatIsNotJsonIsNamedSo() {
        assertThat(read(Map.of("content-type", "application/cloudevents+json"), "{\"id\":"))
                .isInstanceOfSatisfying(
                        Unreadable.class, poison -> assertThat(poison.reason()).isEqualTo(DeadLetterReason.NotJson));
    }

    @Test
    void aStructuredEventWithoutAnIdIsNamedSo() {
        String event = "{\"specversion\":\"1.0\",\"source\":\"test\",\"type\":\"dev.littoral.request\",\"data\":{}}";

        assertThat(read(Map.of("content-type", "application/cloudevents+json"), event))
                .isInstanceOfSatisfying(
                        Unreadable.class, poison -> assertThat(poison.reason()).isEqualTo(DeadLetterReason.NoId));
    }

    @Test
    void dataThatIsNotJsonKeepsTheIdForTheSender() {
        assertPoison(read(headers(), "hello"), DeadLetterReason.NotJson, Optional.of("r1"));
        assertPoison(read(headers(), "[1]"), DeadLetterReason.NotJson, Optional.of("r1"));
        assertPoison(read(headers(), BODY + "x"), DeadLetterReason.NotJson, Optional.of("r1"));
        assertPoison(read(headers(), "{\"a\":1"), DeadLetterReason.NotJson, Optional.of("r1"));
    }

    @Test
    void aRecordWithoutAnIdIsNamedSo() {
        Map<String, String> headers = new HashMap<>(headers());
        headers.remove("ce_id");

        assertPoison(read(headers, BODY), DeadLetterReason.NoId, Optional.empty());
        assertPoison(read(headers("ce_id", " "), BODY), DeadLetterReason.NoId, Optional.empty());
        assertPoison(read(headers("ce_id", "x".repeat(257)), BODY), DeadLetterReason.NoId, Optional.empty());
    }

    @Test
    void aRecordOfTenMegabytesIsTooLarge() {
        String long10 = "{\"model\":\"" + "x".repeat(10_000_000) + "\"}";

        assertPoison(read(headers(), long10), DeadLetterReason.TooLarge, Optional.of("r1"));
    }

    @Test
    void aTombstoneIsEmpty() {
        assertPoison(reader.read(new WireRecord(Map.of(), Optional.empty())), DeadLetterReason.Empty, Optional.empty());
    }

    @Test
    void attributesThatCannotBeReadAreNamed() {
        assertThat(read(headers("ce_deadline", "tomorrow"), BODY))
                .isInstanceOfSatisfying(
                        Unreadable.class, poison -> assertThat(poison.message()).contains("deadline"));
        assertThat(read(headers("ce_priority", "99999999999"), BODY))
                .isInstanceOfSatisfying(
                        Unreadable.class, poison -> assertThat(poison.message()).contains("priority"));
        assertPoison(read(headers("ce_specversion", "9"), BODY), DeadLetterReason.BadAttribute, Optional.of("r1"));
        assertPoison(read(headers("ce_type", "other"), BODY), DeadLetterReason.UnknownType, Optional.of("r1"));
    }

    @Test
    void aBrokenAttributeCannotForgeALineOfTheLog() {
        ReadRequest read = read(headers("ce_time", "now\nINFO all is well\u001b[2J\u0085"), BODY);

        assertThat(((Unreadable) read).message()).contains("now\\u000aINFO all is well\\u001b[2J\\u0085");
    }

    @Test
    void noBytesWhateverMakeTheReaderThrow() {
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 2000; round++) {
            byte[] value = new byte[random.nextInt(60)];
            random.nextBytes(value);
            byte[] type = new byte[random.nextInt(20)];
            random.nextBytes(type);
            Map<String, byte[]> headers = new HashMap<>();
            headers().forEach((name, text) -> headers.put(name, text.getBytes(UTF_8)));
            headers.put(random.nextBoolean() ? "content-type" : "ce_time", type);
            headers.put("ce_x" + (char) random.nextInt(65_536), type);
            if (random.nextBoolean()) {
                headers.put("content-type", "application/cloudevents+json".getBytes(UTF_8));
            }

            assertThat(reader.read(new WireRecord(headers, Optional.of(value)))).isInstanceOf(Unreadable.class);
        }
    }

    private static void assertPoison(ReadRequest read, DeadLetterReason reason, Optional<String> id) {
        assertThat(read).isInstanceOfSatisfying(Unreadable.class, poison -> {
            assertThat(poison.reason()).isEqualTo(reason);
            assertThat(poison.id()).isEqualTo(id);
        });
    }

    @Test
    void theIdAndThePriorityAreReadAloneInBothModes() {
        WireRecord binary = wire(headers("ce_priority", "-3"), "no json");
        WireRecord structured = wire(Map.of("content-type", "application/cloudevents+json"), """
                {"specversion":"1.0","id":"r2","source":"test","type":"dev.littoral.request","priority":7,"data":{"a":1}}
                """);

        assertThat(reader.id(binary)).contains("r1");
        assertThat(reader.priority(binary)).isEqualTo(-3);
        assertThat(reader.id(structured)).contains("r2");
        assertThat(reader.priority(structured)).isEqualTo(7);
    }

    @Test
    void anIdOrPriorityThatCannotBeReadIsNone() {
        WireRecord broken = wire(Map.of("ce_id", "r".repeat(257), "ce_priority", "high"), BODY);
        WireRecord structured = wire(Map.of("content-type", "application/cloudevents+json"), "no json");

        assertThat(reader.id(broken)).isEmpty();
        assertThat(reader.priority(broken)).isZero();
        assertThat(reader.id(structured)).isEmpty();
        assertThat(reader.priority(structured)).isZero();
    }

    private ReadRequest read(Map<String, String> headers, String value) {
        return reader.read(wire(headers, value));
    }

    private static WireRecord wire(Map<String, String> headers, String value) {
        Map<String, byte[]> bytes = new HashMap<>();
        headers.forEach((name, text) -> bytes.put(name, text.getBytes(UTF_8)));
        return new WireRecord(bytes, Optional.of(value.getBytes(UTF_8)));
    }

    private static Map<String, String> headers(String... more) {
        Map<String, String> headers = new HashMap<>(Map.of(
                "ce_specversion",
                "1.0",
                "ce_id",
                "r1",
                "ce_source",
                "test",
                "ce_type",
                "dev.littoral.request",
                "content-type",
                "application/json"));
        for (int i = 0; i < more.length; i += 2) {
            headers.put(more[i], more[i + 1]);
        }
        return headers;
    }
}
