package dev.littoral.protocol.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.protocol.events.WaitingTelemetry.Waiting;
import dev.littoral.protocol.events.WaitingTelemetry.Waits;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitingTelemetryTest {

    private static final Waiting ROW = new Waiting(1500, -1, -3, 120, 90, 60, 400, 77, 250, 99);
    private static final WaitingTelemetry RECORD =
            new WaitingTelemetry("s1", Map.of("default/m", new Waits(List.of(ROW), 12)));
    private static final String ROW_JSON = "[1500,-1,-3,120,90,60,400,77,250,99]";

    @Test
    void whatIsWrittenIsReadBack() {
        assertThat(TelemetryReader.readWaiting(TelemetryReader.write(RECORD))).contains(RECORD);
    }

    @Test
    void aRequestIsARowOfNumbers() {
        assertThat(text(RECORD)).contains("\"requests\":[" + ROW_JSON + "]").contains("\"more\":12");
    }

    @Test
    void itIsNoOtherKindOfRecordAndNoOtherIsIt() {
        SchedulerTelemetry other = new SchedulerTelemetry("s1", java.time.Instant.EPOCH, Map.of());

        assertThat(TelemetryReader.read(TelemetryReader.write(RECORD))).isEmpty();
        assertThat(TelemetryReader.readScheduler(TelemetryReader.write(RECORD))).isEmpty();
        assertThat(TelemetryReader.readWaiting(TelemetryReader.write(other))).isEmpty();
    }

    @Test
    void fieldsOfALaterReleaseAreIgnored() {
        String json = text(RECORD).replaceFirst("\\{", "{\"mood\":\"calm\",");

        assertThat(TelemetryReader.readWaiting(json.getBytes(UTF_8))).contains(RECORD);
    }

    @Test
    void numbersThatALaterReleaseAddsToARowAreIgnored() {
        String json = text(RECORD).replace(",99]", ",99,5]");

        assertThat(TelemetryReader.readWaiting(json.getBytes(UTF_8))).contains(RECORD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[-1,-1,-3,120,90,60,400,77,250,99]",
                "[1500,-2,-3,120,90,60,400,77,250,99]",
                "[1500,-1,2147483648,120,90,60,400,77,250,99]",
                "[1500,-1,-3,-1,90,60,400,77,250,99]",
                "[1500,-1,-3,120,0,60,400,77,250,99]",
                "[1500,-1,-3,120,90,60,59,77,250,99]",
                "[1500,-1,-3,120,90,60,10000001,77,250,99]",
                "[1500,-1,-3,120,90,60,400,-77,250,99]",
                "[1500,-1,-3,120,90,60,400,77,-250,99]",
                "[1500,-1,-3,120,90,60,400,77,250,9007199254740992]",
                "[99999999999999,-1,-3,120,90,60,400,77,250,99]",
                "[NaN,-1,-3,120,90,60,400,77,250,99]",
                "[1500,-1,-3,120,90.5,60,400,77,250,99]",
                "[1500,-1,-3,120,1e999,60,400,77,250,99]",
                "[1500,-1,-3,120,null,60,400,77,250,99]",
                "[1500,-1,-3,120,90,60]",
                "[1500,-1,-3,120,90,60,400,77,250,0]",
                "[]",
                "{\"ageMillis\":1}",
                "null"
            })
    void aRowThatNoHonestSchedulerSendsMakesTheRecordUnreadable(String row) {
        String json = text(RECORD).replace(ROW_JSON, row);

        assertThat(TelemetryReader.readWaiting(json.getBytes(UTF_8))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"version\":2,\"scheduler\":\"s\",\"waiting\":{}}",
                "{\"scheduler\":\"s\",\"waiting\":{}}",
                "{\"version\":1,\"scheduler\":\" \",\"waiting\":{}}",
                "{\"version\":1,\"scheduler\":\"s\"}",
                "{\"version\":1,\"scheduler\":\"s\",\"waiting\":{\"a/b\":null}}",
                "{\"version\":1,\"scheduler\":\"s\",\"waiting\":{\"a/b\":{\"requests\":null,\"more\":0}}}",
                "{\"version\":1,\"scheduler\":\"s\",\"waiting\":{\"a/b\":{\"requests\":[],\"more\":-1}}}",
                "{\"version\":1,\"scheduler\":\"s\",\"waiting\":{\" \":{\"requests\":[],\"more\":0}}}"
            })
    void anotherVersionAndAnImpossibleRecordAreNotRead(String json) {
        assertThat(TelemetryReader.readWaiting(json.getBytes(UTF_8))).isEmpty();
    }

    @Test
    void aRecordThatListsTooMuchIsNotMade() {
        Waits half = new Waits(Collections.nCopies(WaitingTelemetry.MAX_REQUESTS / 2 + 1, ROW), 0);
        Map<String, Waits> many = IntStream.rangeClosed(0, WaitingTelemetry.MAX_DEPLOYMENTS)
                .boxed()
                .collect(Collectors.toMap(n -> "default/m" + n, n -> new Waits(List.of(), 1)));

        assertThatThrownBy(() -> new WaitingTelemetry("s", Map.of("a/b", half, "a/c", half)))
                .hasMessageContaining("requests are listed");
        assertThatThrownBy(() -> new WaitingTelemetry("s", many)).hasMessageContaining("waiting");
    }

    @Test
    void theLongestRecordIsRead() {
        long most = 366L * 24 * 3600 * 1000;
        int tokens = WaitingTelemetry.MAX_TOKENS;
        long digest = WaitingTelemetry.MAX_DIGEST;
        Waiting widest =
                new Waiting(most, most, Integer.MIN_VALUE, tokens, tokens, tokens, tokens, digest, most, digest);
        int each = WaitingTelemetry.MAX_REQUESTS / WaitingTelemetry.MAX_DEPLOYMENTS;
        // a name of Kubernetes: 63 characters of a namespace, 253 of an object
        Map<String, Waits> waiting = IntStream.range(0, WaitingTelemetry.MAX_DEPLOYMENTS)
                .boxed()
                .collect(Collectors.toMap(
                        n -> "n".repeat(63) + "/" + "d".repeat(250) + (100 + n),
                        n -> new Waits(Collections.nCopies(each, widest), 1_000_000)));
        WaitingTelemetry longest = new WaitingTelemetry("s".repeat(36), waiting);

        assertThat(TelemetryReader.readWaiting(TelemetryReader.write(longest))).contains(longest);
    }

    private static String text(WaitingTelemetry telemetry) {
        return new String(TelemetryReader.write(telemetry), UTF_8);
    }
}
