package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.littoral.protocol.events.DeadLetterReason;
import dev.littoral.protocol.events.EventNames;
import dev.littoral.protocol.events.FinalResponse;
import dev.littoral.protocol.events.TraceContext;
import dev.littoral.scheduler.openai.OpenAiJson;
import dev.littoral.scheduler.request.Outcome;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Writes response records: CloudEvents in binary mode, keyed as the request was, in the partition of its number. */
final class ResponseRecords {

    private static final ObjectWriter WRITER = JsonMapper.builder(JsonFactory.builder()
                    // buffers of a virtual thread would live as long as its one request
                    .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                    .build())
            .addModule(new Jdk8Module())
            .build()
            .writer();
    private static final byte[] SPECIFICATION = "1.0".getBytes(UTF_8);
    private static final byte[] SOURCE = "littoral/scheduler".getBytes(UTF_8);
    private static final byte[] CHUNK = EventNames.CHUNK_TYPE.getBytes(UTF_8);
    private static final byte[] FINAL = EventNames.FINAL_TYPE.getBytes(UTF_8);
    private static final byte[] JSON = "application/json".getBytes(UTF_8);

    private final String requestId;
    private final byte[] key;
    private final OptionalInt partition;
    private final Optional<TraceContext> trace;

    ResponseRecords(String requestId, Optional<byte[]> key, OptionalInt partition, Optional<TraceContext> trace) {
        this.trace = trace;
        this.requestId = requestId;
        this.partition = partition;
        this.key = key.orElse(requestId.getBytes(UTF_8));
    }

    Publisher.Outgoing chunk(JsonNode data, long attempt, int sequence, Instant now) {
        Map<String, byte[]> headers = headers(CHUNK, requestId + "/" + attempt + "/" + sequence, now);
        put(headers, EventNames.ATTEMPT, Long.toString(attempt));
        put(headers, EventNames.SEQUENCE, Integer.toString(sequence));
        return record(headers, data);
    }

    Publisher.Outgoing end(Outcome outcome, String bodyDigest, Instant created, Instant now) {
        FinalResponse response = switch (outcome) {
            case Outcome.Answered answered ->
                new FinalResponse(
                        requestId,
                        200,
                        Optional.empty(),
                        OpenAiJson.completion(answered, created),
                        OptionalInt.empty());
            case Outcome.Refused refused ->
                new FinalResponse(
                        requestId,
                        refused.statusCode(),
                        Optional.of(refused.code()),
                        OpenAiJson.error(refused),
                        refused.retryAfterSeconds());
        };
        Map<String, byte[]> headers = headers(FINAL, requestId + "/final", now);
        put(headers, EventNames.BODY_DIGEST, bodyDigest);
        return record(headers, response);
    }

    static Publisher.Outgoing deadLetter(
            Optional<byte[]> key,
            Map<String, byte[]> original,
            Optional<byte[]> value,
            DeadLetterReason reason,
            String message) {
        Map<String, byte[]> headers = new LinkedHashMap<>(original);
        headers.put(EventNames.REASON_HEADER, reason.name().getBytes(UTF_8));
        headers.put(EventNames.MESSAGE_HEADER, message.getBytes(UTF_8));
        return new Publisher.Outgoing(key, OptionalInt.empty(), headers, value);
    }

    private Publisher.Outgoing record(Map<String, byte[]> headers, Object data) {
        try {
            return new Publisher.Outgoing(
                    Optional.of(key), partition, headers, Optional.of(WRITER.writeValueAsBytes(data)));
        } catch (JacksonException e) {
            throw new IllegalStateException("a response always has a JSON form", e);
        }
    }

    private Map<String, byte[]> headers(byte[] type, String id, Instant now) {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        headers.put(EventNames.HEADER_PREFIX + "specversion", SPECIFICATION);
        put(headers, "id", id);
        headers.put(EventNames.HEADER_PREFIX + "source", SOURCE);
        headers.put(EventNames.HEADER_PREFIX + "type", type);
        put(headers, "time", now.toString());
        put(headers, EventNames.REQUEST_ID, requestId);
        headers.put(EventNames.CONTENT_TYPE_HEADER, JSON);
        trace.ifPresent(context -> {
            headers.put(TraceContext.PARENT, context.parent().getBytes(UTF_8));
            context.state().ifPresent(state -> headers.put(TraceContext.STATE, state.getBytes(UTF_8)));
        });
        return headers;
    }

    private static void put(Map<String, byte[]> headers, String attribute, String value) {
        headers.put(EventNames.HEADER_PREFIX + attribute, value.getBytes(UTF_8));
    }
}
