package dev.littoral.scheduler.request;

import dev.littoral.protocol.agent.v1.TokenChoice;
import dev.littoral.protocol.events.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** How a request ended. */
public sealed interface Outcome {

    /**
     * It was answered in full.
     *
     * @param choices as many as were asked for
     * @param usage of all of them, the prompt counted once
     */
    record Answered(InferenceRequest request, List<Choice> choices, Usage usage) implements Outcome {

        public Answered {
            choices = List.copyOf(choices);
        }

        /** Makes one of a single choice whose tokens are not told. */
        public Answered(InferenceRequest request, String text, FinishReason reason, Usage usage) {
            this(request, List.of(new Choice(text, reason, List.of())), usage);
        }

        /** Gives the text of the first choice. */
        public String text() {
            return choices.getFirst().text();
        }

        /** Says why the first choice ended. */
        public FinishReason reason() {
            return choices.getFirst().reason();
        }
    }

    /**
     * One answer.
     *
     * @param tokens of it, where the request asks for them
     */
    record Choice(String text, FinishReason reason, List<TokenChoice> tokens) {

        public Choice {
            tokens = List.copyOf(tokens);
        }
    }

    /**
     * It was not.
     *
     * @param statusCode as over HTTP
     * @param message what is wrong and how to cure it
     * @param parameter the field of the body that is wrong
     * @param retryAfter when it makes sense to ask again
     * @param drop why it was dropped, where nothing is wrong with it
     */
    record Refused(
            ErrorCode code,
            int statusCode,
            String message,
            Optional<String> parameter,
            Optional<Duration> retryAfter,
            Optional<DropReason> drop)
            implements Outcome {

        private static final int MOST_RETRY_SECONDS = 120;

        /** Refuses something that is wrong. */
        public Refused(
                ErrorCode code,
                int statusCode,
                String message,
                Optional<String> parameter,
                Optional<Duration> retryAfter) {
            this(code, statusCode, message, parameter, retryAfter, Optional.empty());
        }

        /** Refuses for good, with the status that the code stands for. */
        public static Refused of(ErrorCode code, String message) {
            return new Refused(code, code.statusCode(), message, Optional.empty(), Optional.empty());
        }

        /** Refuses because of one field of the body. */
        public static Refused of(ErrorCode code, String message, String parameter) {
            return new Refused(code, code.statusCode(), message, Optional.of(parameter), Optional.empty());
        }

        /** Refuses for now. */
        public static Refused later(ErrorCode code, int statusCode, String message, Duration retryAfter) {
            return new Refused(code, statusCode, message, Optional.empty(), Optional.of(retryAfter));
        }

        /** Gives the whole seconds after which to ask again: 1 to 120, in a header or a final. */
        public OptionalInt retryAfterSeconds() {
            return retryAfter
                    .map(wait -> OptionalInt.of(Math.clamp((wait.toMillis() + 999) / 1000, 1, MOST_RETRY_SECONDS)))
                    .orElse(OptionalInt.empty());
        }

        /** Says why it was dropped. */
        public Refused dropped(DropReason reason) {
            return new Refused(code, statusCode, message, parameter, retryAfter, Optional.of(reason));
        }
    }
}
