package dev.littoral.protocol.events;

import java.time.Instant;
import java.util.Optional;

/**
 * A question that came through Kafka, its envelope checked and its body not yet.
 *
 * @param id unique among the sender's questions
 * @param source who sent it
 * @param time when it was made, by the sender's clock
 * @param deadline after which no answer is wanted
 * @param priority the larger goes first
 * @param trace where it belongs in a distributed trace
 * @param body the OpenAI request, one well-formed JSON object
 */
public record RequestEvent(
        String id,
        String source,
        Optional<Instant> time,
        Optional<Instant> deadline,
        int priority,
        Optional<TraceContext> trace,
        String body) {}
