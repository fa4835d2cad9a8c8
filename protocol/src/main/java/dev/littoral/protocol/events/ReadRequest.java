package dev.littoral.protocol.events;

import java.util.Optional;
import java.util.regex.Pattern;

/** Result of reading a request record. */
public sealed interface ReadRequest {

    /** The envelope is sound. */
    record Sound(RequestEvent event) implements ReadRequest {}

    /**
     * Nobody can serve this record.
     *
     * @param message what is wrong and how to cure it; control characters of the record are escaped, since logs and
     *     terminals show it
     * @param id the request's id where it could be read, so that the sender can be told
     */
    record Unreadable(DeadLetterReason reason, String message, Optional<String> id) implements ReadRequest {

        private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}", Pattern.UNICODE_CHARACTER_CLASS);

        public Unreadable {
            message = CONTROL.matcher(message)
                    .replaceAll(
                            found -> "\\\\u%04x".formatted((int) found.group().charAt(0)));
        }
    }
}
