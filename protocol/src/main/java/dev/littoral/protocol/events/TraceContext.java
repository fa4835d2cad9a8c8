package dev.littoral.protocol.events;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Where a request belongs in a distributed trace (W3C Trace Context, level 1): handed on unchanged, so that answers and
 * agents are found under the caller's trace.
 *
 * @param parent value of {@code traceparent}
 * @param state value of {@code tracestate}
 */
public record TraceContext(String parent, Optional<String> state) {

    /** Header of Kafka, HTTP and gRPC. */
    public static final String PARENT = "traceparent";

    /** Header of Kafka, HTTP and gRPC. */
    public static final String STATE = "tracestate";

    private static final Pattern SOUND =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.{0,200})?");

    /** Longest list of vendors' states that must be handed on, in characters. */
    private static final int MAX_STATE_CHARACTERS = 512;

    /** Reads the two headers; as the specification asks, a broken parent drops both, and a broken state itself. */
    public static Optional<TraceContext> read(Function<String, Optional<String>> headers) {
        return headers.apply(PARENT)
                .map(String::strip)
                .filter(parent -> SOUND.matcher(parent).matches())
                .map(parent -> new TraceContext(parent, headers.apply(STATE).filter(TraceContext::sound)));
    }

    private static boolean sound(String state) {
        return state.length() <= MAX_STATE_CHARACTERS && state.chars().allMatch(each -> each >= ' ' && each <= '~');
    }
}
