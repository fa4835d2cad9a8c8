package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.littoral.protocol.events.DeadLetterReason;
import dev.littoral.protocol.events.EventNames;
import dev.littoral.protocol.events.RequestReader;
import dev.littoral.protocol.events.Topics;
import dev.littoral.protocol.events.WireRecord;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Buries records that nobody can serve: as they came, without their value, or at least with their id. */
final class DeadLetters {

    private static final Logger LOG = Logger.getLogger(DeadLetters.class);
    private static final String ID = EventNames.HEADER_PREFIX + "id";

    /** Of a message in the shortest dead letter, in characters. */
    private static final int SHORT = 512;

    private final Publisher publisher;
    private final PatientWriter writer;

    DeadLetters(Publisher publisher, PatientWriter writer) {
        this.publisher = publisher;
        this.writer = writer;
    }

    /** Returns when the broker has it. */
    void bury(Optional<byte[]> key, WireRecord wire, DeadLetterReason reason, String message)
            throws InterruptedException {
        LOG.infof("dead letter, %s: %s", reason, message);
        var ignored = writer.write(
                Topics.DEAD_LETTERS,
                () -> publisher.deadLetter(
                        ResponseRecords.deadLetter(key, wire.headers(), wire.value(), reason, message)),
                () -> publisher.deadLetter(
                        ResponseRecords.deadLetter(key, wire.headers(), Optional.empty(), reason, message)),
                () -> publisher.deadLetter(shortest(wire, reason, message)));
    }

    private static Publisher.Outgoing shortest(WireRecord wire, DeadLetterReason reason, String message) {
        Optional<byte[]> id = wire.header(ID)
                .filter(each -> each.length() <= RequestReader.MAX_ID_CHARACTERS)
                .map(each -> each.getBytes(UTF_8));
        return ResponseRecords.deadLetter(
                id,
                id.map(each -> Map.of(ID, each)).orElse(Map.of()),
                Optional.empty(),
                reason,
                message.substring(0, Math.min(SHORT, message.length())));
    }
}
