package dev.littoral.agent.openai;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Splits a body into the data of its server-sent events (HTML standard, section 9.2), wherever packets break it. Comments
 * and other fields than {@code data} are passed over; an event that the body's end cuts off is dropped, as the standard
 * asks. Stricter than the standard in two points: bytes that are not UTF-8 and events beyond a bound are refused.
 */
final class SseReader {

    /** Most bytes of one event, all its lines together. */
    static final int MOST_EVENT_BYTES = 256 * 1024;

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final String DATA = "data";

    private final Consumer<String> events;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private int eventBytes;
    private boolean dataSeen;
    private boolean afterCarriageReturn;
    private boolean afterFirstLine;

    /** Gives each event's data to {@code events}. */
    SseReader(Consumer<String> events) {
        this.events = events;
    }

    /**
     * Takes the next bytes of the body.
     *
     * @throws io.grpc.StatusRuntimeException when they are not what such a body holds
     */
    void feed(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            boolean secondHalf = afterCarriageReturn && next == '\n';
            afterCarriageReturn = next == '\r';
            if (secondHalf) {
                continue;
            }
            if (next == '\n' || next == '\r') {
                endLine();
            } else {
                line.write(next);
                if (++eventBytes > MOST_EVENT_BYTES) {
                    throw ServerErrors.lied("sent an event of more than " + MOST_EVENT_BYTES + " bytes");
                }
            }
        }
    }

    private void endLine() {
        String text = text();
        line.reset();
        if (!afterFirstLine) {
            afterFirstLine = true;
            text = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        }
        if (text.isEmpty()) {
            dispatch();
        } else {
            field(text);
        }
    }

    private String text() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ServerErrors.lied("sent bytes that are not UTF-8");
        }
    }

    private void field(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        if (!name.equals(DATA)) {
            return;
        }
        String value = colon < 0 ? "" : text.substring(colon + 1);
        if (dataSeen) {
            data.append('\n');
        }
        dataSeen = true;
        data.append(value.startsWith(" ") ? value.substring(1) : value);
    }

    private void dispatch() {
        if (dataSeen) {
            events.accept(data.toString());
        }
        data.setLength(0);
        dataSeen = false;
        eventBytes = 0;
    }
}
