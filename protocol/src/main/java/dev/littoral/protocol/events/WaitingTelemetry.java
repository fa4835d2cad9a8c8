package dev.littoral.protocol.events;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Map;

/**
 * What waits at a scheduler for a slot, told to the others on {@link Topics#TELEMETRY} so that they leave room for it. It
 * takes the place of all that the scheduler told before; nothing of a prompt's words is in it.
 *
 * @param version {@value #VERSION}
 * @param scheduler unlike that of every other scheduler
 * @param waiting by namespace/name of the deployment; empty when nothing waits any more
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record WaitingTelemetry(int version, String scheduler, Map<String, Waits> waiting) {

    /** The layout that this class reads and writes. */
    public static final int VERSION = 1;

    /** Most requests that one record lists, over all deployments. */
    public static final int MAX_REQUESTS = 256;

    /** Most deployments of one record. */
    public static final int MAX_DEPLOYMENTS = 64;

    /** Largest number that every reader of JSON keeps exact. */
    public static final long MAX_DIGEST = (1L << 53) - 1;

    /** Most tokens that a prompt or an answer may be told to have. */
    public static final int MAX_TOKENS = 10_000_000;

    /** Longest time that is told: a year. */
    public static final long MAX_MILLIS = 366L * 24 * 3600 * 1000;

    private static final int MAX_NAME_CHARACTERS = 512;
    private static final int MAX_MORE = 1_000_000;

    /** Rejects what no honest scheduler says, naming the field. */
    public WaitingTelemetry {
        if (version != VERSION) {
            throw new IllegalArgumentException("version " + version + ": want " + VERSION);
        }
        name("scheduler", scheduler);
        if (waiting == null || waiting.size() > MAX_DEPLOYMENTS) {
            throw new IllegalArgumentException("waiting is missing or has more than " + MAX_DEPLOYMENTS);
        }
        int listed = 0;
        for (Map.Entry<String, Waits> each : waiting.entrySet()) {
            name("waiting", each.getKey());
            if (each.getValue() == null) {
                throw new IllegalArgumentException("waiting of " + each.getKey() + " is null");
            }
            listed += each.getValue().requests().size();
        }
        if (listed > MAX_REQUESTS) {
            throw new IllegalArgumentException(listed + " requests are listed: want at most " + MAX_REQUESTS);
        }
        waiting = Map.copyOf(waiting);
    }

    /** States what waits, in the layout of this version. */
    public WaitingTelemetry(String scheduler, Map<String, Waits> waiting) {
        this(VERSION, scheduler, waiting);
    }

    /**
     * What waits for one deployment.
     *
     * @param requests the most pressing first
     * @param more how many wait beside them
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Waits(List<Waiting> requests, int more) {

        /** Rejects what cannot be. */
        public Waits {
            if (requests == null || requests.size() > MAX_REQUESTS || more < 0 || more > MAX_MORE) {
                throw new IllegalArgumentException("want a list of requests, and 0 to " + MAX_MORE + " more: " + more);
            }
            requests = List.copyOf(requests);
        }
    }

    /**
     * One request that waits; in JSON an array of these ten whole numbers. Times are reckoned from the moment of sending, so
     * that no two clocks are compared.
     *
     * @param ageMillis since it came
     * @param leftMillis until its deadline; -1 when it has none
     * @param priority the larger goes first
     * @param promptTokens of its prompt
     * @param meanTokens expected tokens of its answer, at least 1
     * @param medianTokens that half of such answers exceed, at least 1
     * @param upperTokens that one in ten of such answers exceeds, at least the median
     * @param sender digest of its key; 0 when it names none
     * @param owedMillis of the fleet's time, by which its sender is beyond its share
     * @param digest of its id, by which it is known when it is handed over; at least 1
     */
    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    @JsonPropertyOrder({
        "ageMillis",
        "leftMillis",
        "priority",
        "promptTokens",
        "meanTokens",
        "medianTokens",
        "upperTokens",
        "sender",
        "owedMillis",
        "digest"
    })
    public record Waiting(
            @JsonProperty(required = true) long ageMillis,
            @JsonProperty(required = true) long leftMillis,
            @JsonProperty(required = true) int priority,
            @JsonProperty(required = true) int promptTokens,
            @JsonProperty(required = true) int meanTokens,
            @JsonProperty(required = true) int medianTokens,
            @JsonProperty(required = true) int upperTokens,
            @JsonProperty(required = true) long sender,
            @JsonProperty(required = true) long owedMillis,
            @JsonProperty(required = true) long digest) {

        /** Rejects what no honest scheduler says, naming the field. */
        public Waiting {
            within("ageMillis", ageMillis, 0, MAX_MILLIS);
            within("leftMillis", leftMillis, -1, MAX_MILLIS);
            within("promptTokens", promptTokens, 0, MAX_TOKENS);
            within("meanTokens", meanTokens, 1, MAX_TOKENS);
            within("medianTokens", medianTokens, 1, MAX_TOKENS);
            within("upperTokens", upperTokens, medianTokens, MAX_TOKENS);
            within("sender", sender, 0, MAX_DIGEST);
            within("owedMillis", owedMillis, 0, MAX_MILLIS);
            within("digest", digest, 1, MAX_DIGEST);
        }
    }

    private static void name(String field, String value) {
        if (value == null || value.isBlank() || value.length() > MAX_NAME_CHARACTERS) {
            throw new IllegalArgumentException(
                    field + " is missing or longer than " + MAX_NAME_CHARACTERS + " characters");
        }
    }

    private static void within(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(field + " must lie between " + least + " and " + most + ": " + value);
        }
    }
}
