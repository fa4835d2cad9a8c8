package dev.littoral.protocol.events;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** Writes telemetry as JSON and reads it back, trusting none of its bytes. */
public final class TelemetryReader {

    private static final int MAX_BYTES = 65_536;
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, new InstantWriter())
                    .addDeserializer(Instant.class, new InstantReader()))
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final ObjectReader READER = MAPPER.readerFor(AgentTelemetry.class);
    private static final ObjectReader SCHEDULERS = MAPPER.readerFor(SchedulerTelemetry.class);
    private static final ObjectReader WAITING = MAPPER.readerFor(WaitingTelemetry.class)
            .with(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .without(DeserializationFeature.ACCEPT_FLOAT_AS_INT);

    private TelemetryReader() {}

    /** Writes one report. */
    public static byte[] write(AgentTelemetry telemetry) {
        return bytes(telemetry);
    }

    /** Writes one report of a scheduler. */
    public static byte[] write(SchedulerTelemetry telemetry) {
        return bytes(telemetry);
    }

    /** Writes what waits at a scheduler. */
    public static byte[] write(WaitingTelemetry telemetry) {
        return bytes(telemetry);
    }

    private static byte[] bytes(Object telemetry) {
        try {
            return MAPPER.writeValueAsBytes(telemetry);
        } catch (JacksonException e) {
            throw new IllegalStateException("telemetry always has a JSON form", e);
        }
    }

    /** Reads one report; empty when it is not JSON or says what no honest agent says. */
    public static Optional<AgentTelemetry> read(byte[] json) {
        return read(READER, json);
    }

    /** Reads one report of a scheduler; empty when it is not JSON, an agent's, or says what no honest scheduler says. */
    public static Optional<SchedulerTelemetry> readScheduler(byte[] json) {
        return read(SCHEDULERS, json);
    }

    /** Reads what waits at a scheduler; empty when it is another record, of another version, or not to be believed. */
    public static Optional<WaitingTelemetry> readWaiting(byte[] json) {
        return read(WAITING, json);
    }

    private static <T> Optional<T> read(ObjectReader reader, byte[] json) {
        if (json.length > MAX_BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.of(reader.<T>readValue(json));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static final class InstantWriter extends JsonSerializer<Instant> {

        @Override
        public void serialize(Instant value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(value.toString());
        }
    }

    private static final class InstantReader extends JsonDeserializer<Instant> {

        @Override
        public Instant deserialize(JsonParser in, DeserializationContext context) throws IOException {
            try {
                return Instant.parse(in.getText());
            } catch (DateTimeException e) {
                return (Instant) context.handleWeirdStringValue(Instant.class, in.getText(), "not an RFC 3339 time");
            }
        }
    }
}
