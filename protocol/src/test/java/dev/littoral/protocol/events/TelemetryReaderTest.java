package dev.littoral.protocol.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TelemetryReaderTest {

    private static final AgentTelemetry REPORT = new AgentTelemetry(
            "pod-0",
            "node-a",
            "default/m",
            "p1",
            0,
            4,
            3,
            1,
            0,
            120,
            900.5,
            80.25,
            1L << 28,
            Instant.parse("2026-11-21T10:00:00Z"));

    @Test
    void whatIsWrittenIsReadBack() {
        assertThat(TelemetryReader.read(TelemetryReader.write(REPORT))).contains(REPORT);
    }

    @Test
    void theTimeIsText() {
        assertThat(new String(TelemetryReader.write(REPORT), UTF_8)).contains("\"time\":\"2026-11-21T10:00:00Z\"");
    }

    @Test
    void fieldsOfALaterVersionAreIgnored() {
        String json = new String(TelemetryReader.write(REPORT), UTF_8).replaceFirst("\\{", "{\"watts\":12,");

        assertThat(TelemetryReader.read(json.getBytes(UTF_8))).contains(REPORT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"freeSlots\":5",
                "\"freeSlots\":-1",
                "\"slots\":2147483647",
                "\"decodeTokensPerSecond\":-1",
                "\"decodeTokensPerSecond\":NaN",
                "\"prefillTokensPerSecond\":1e999",
                "\"agent\":\"\"",
                "\"deployment\":null",
                "\"time\":\"now\"",
                "\"time\":null",
                "\"slots\":\"many\""
            })
    void whatNoHonestAgentSaysIsNotRead(String lie) {
        String field = lie.substring(0, lie.indexOf(':') + 1);
        String json = new String(TelemetryReader.write(REPORT), UTF_8).replaceFirst(field + "(\"[^\"]*\"|[^,}]*)", lie);
        assertThat(json).contains(lie);

        assertThat(TelemetryReader.read(json.getBytes(UTF_8))).isEmpty();
    }

    @Test
    void whatIsNoReportIsNotRead() {
        assertThat(TelemetryReader.read("[]".getBytes(UTF_8))).isEmpty();
        assertThat(TelemetryReader.read("{".getBytes(UTF_8))).isEmpty();
        assertThat(TelemetryReader.read(new byte[70_000])).isEmpty();
    }

    @Test
    void aSchedulersReportIsReadBackAndIsNoAgents() {
        SchedulerTelemetry report = new SchedulerTelemetry(
                "s1",
                Instant.parse("2026-11-21T10:00:00Z"),
                java.util.Map.of("default/m", new SchedulerTelemetry.Traffic(12.5, 3)));

        assertThat(TelemetryReader.readScheduler(TelemetryReader.write(report))).contains(report);
        assertThat(TelemetryReader.read(TelemetryReader.write(report))).isEmpty();
        assertThat(TelemetryReader.readScheduler(TelemetryReader.write(REPORT))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"scheduler\":\"s\",\"time\":\"2026-11-21T10:00:00Z\"}",
                "{\"scheduler\":\"s\",\"time\":\"2026-11-21T10:00:00Z\",\"deployments\":{\"a/b\":null}}",
                "{\"scheduler\":\"s\",\"time\":\"2026-11-21T10:00:00Z\",\"deployments\":{\"a/b\":{\"waiting\":-1}}}",
                "{\"scheduler\":\"s\",\"time\":\"2026-11-21T10:00:00Z\","
                        + "\"deployments\":{\"a/b\":{\"tokensPerSecond\":\"NaN\"}}}",
                "{\"scheduler\":\" \",\"time\":\"2026-11-21T10:00:00Z\",\"deployments\":{}}"
            })
    void whatNoHonestSchedulerSaysIsDropped(String json) {
        assertThat(TelemetryReader.readScheduler(json.getBytes(UTF_8))).isEmpty();
    }
}
