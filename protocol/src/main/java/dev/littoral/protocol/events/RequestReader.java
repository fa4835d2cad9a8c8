package dev.littoral.protocol.events;

import dev.littoral.protocol.events.ReadRequest.Sound;
import dev.littoral.protocol.events.ReadRequest.Unreadable;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * Reads request records, trusting none of their bytes.
 *
 * @param maxValueBytes longest record value that is looked into, in bytes
 */
public record RequestReader(int maxValueBytes) {

    /** Longest id, in characters. */
    public static final int MAX_ID_CHARACTERS = 256;

    private static final String ID_HEADER = EventNames.HEADER_PREFIX + "id";

    /** Reads one record; whatever is wrong with it becomes {@link Unreadable}. */
    public ReadRequest read(WireRecord wire) {
        Optional<String> id = wire.header(ID_HEADER).filter(RequestReader::usableId);
        if (wire.valueBytes() == 0) {
            return new Unreadable(
                    DeadLetterReason.Empty, "the record has no value: send the OpenAI request as JSON", id);
        }
        if (wire.valueBytes() > maxValueBytes) {
            return new Unreadable(
                    DeadLetterReason.TooLarge,
                    "the record's value has " + wire.valueBytes() + " bytes, at most " + maxValueBytes + " are taken",
                    id);
        }
        if (!CloudEventReader.structured(wire) && wire.header(ID_HEADER).isEmpty()) {
            return new Unreadable(
                    DeadLetterReason.NoId, "header ce_id is missing: give each request an id of its own", id);
        }
        try {
            return envelope(CloudEventReader.read(wire), wire, id);
        } catch (RuntimeException e) {
            // the SDK has no common type for what broken bytes make it throw
            return unreadable(wire, e, id);
        }
    }

    /** Returns the id alone, whatever else is wrong with the record; empty where there is none that can be used. */
    public Optional<String> id(WireRecord wire) {
        if (!CloudEventReader.structured(wire)) {
            return wire.header(ID_HEADER).filter(RequestReader::usableId);
        }
        return switch (read(wire)) {
            case Sound sound -> Optional.of(sound.event().id());
            case Unreadable unreadable -> unreadable.id();
        };
    }

    /** Returns the priority alone; 0 where it cannot be read. */
    public int priority(WireRecord wire) {
        if (CloudEventReader.structured(wire)) {
            return read(wire) instanceof Sound sound ? sound.event().priority() : 0;
        }
        try {
            return wire.header(EventNames.HEADER_PREFIX + EventNames.PRIORITY)
                    .map(Integer::parseInt)
                    .orElse(0);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static ReadRequest unreadable(WireRecord wire, RuntimeException e, Optional<String> id) {
        String message = String.valueOf(e.getMessage());
        if (CloudEventReader.structured(wire)
                && JsonLook.object(wire.value().orElseThrow()).isEmpty()) {
            return new Unreadable(
                    DeadLetterReason.NotJson, "the value is not one JSON object: send a CloudEvent as JSON", id);
        }
        if (message.contains("'id'") || message.contains("mandatory id ")) {
            return new Unreadable(DeadLetterReason.NoId, "attribute id is missing: give each request an id", id);
        }
        return new Unreadable(DeadLetterReason.BadAttribute, "not a CloudEvent: " + message, id);
    }

    private static ReadRequest envelope(CloudEvent event, WireRecord wire, Optional<String> headerId) {
        String id = event.getId();
        if (!usableId(id)) {
            return new Unreadable(
                    DeadLetterReason.NoId,
                    "attribute id must have 1 to " + MAX_ID_CHARACTERS
                            + " characters, none of them a control character",
                    headerId);
        }
        if (!event.getType().equals(EventNames.REQUEST_TYPE)) {
            return new Unreadable(
                    DeadLetterReason.UnknownType, "attribute type must be " + EventNames.REQUEST_TYPE, Optional.of(id));
        }
        CloudEventData data = event.getData();
        Optional<String> body = JsonLook.object(data == null ? new byte[0] : data.toBytes());
        if (body.isEmpty()) {
            return new Unreadable(
                    DeadLetterReason.NotJson,
                    "the data is not one JSON object: send the OpenAI request as JSON",
                    Optional.of(id));
        }
        return withTerms(event, wire, id, body.orElseThrow());
    }

    private static ReadRequest withTerms(CloudEvent event, WireRecord wire, String id, String body) {
        Optional<Instant> deadline;
        try {
            deadline = extension(event, EventNames.DEADLINE)
                    .map(OffsetDateTime::parse)
                    .map(OffsetDateTime::toInstant);
        } catch (DateTimeException e) {
            return new Unreadable(
                    DeadLetterReason.BadAttribute,
                    "attribute deadline must be an RFC 3339 time such as 2026-11-21T10:00:00Z",
                    Optional.of(id));
        }
        int priority;
        try {
            priority =
                    extension(event, EventNames.PRIORITY).map(Integer::parseInt).orElse(0);
        } catch (NumberFormatException e) {
            return new Unreadable(
                    DeadLetterReason.BadAttribute, "attribute priority must be a 32-bit integer", Optional.of(id));
        }
        Optional<Instant> time = Optional.ofNullable(event.getTime()).map(OffsetDateTime::toInstant);
        Optional<TraceContext> trace =
                TraceContext.read(name -> wire.header(name).or(() -> extension(event, name)));
        return new Sound(new RequestEvent(id, event.getSource().toString(), time, deadline, priority, trace, body));
    }

    private static Optional<String> extension(CloudEvent event, String name) {
        return Optional.ofNullable(event.getExtension(name)).map(Object::toString);
    }

    private static boolean usableId(String id) {
        return !id.isBlank() && id.length() <= MAX_ID_CHARACTERS && id.chars().noneMatch(Character::isISOControl);
    }
}
