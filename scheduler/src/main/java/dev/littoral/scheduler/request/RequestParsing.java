package dev.littoral.scheduler.request;

/** Reads the body of a request. */
@FunctionalInterface
public interface RequestParsing {

    /** What a body turned out to be. */
    sealed interface Parsed {

        /** A sound request. */
        record Valid(InferenceRequest request) implements Parsed {}

        /** Something else. */
        record Invalid(Outcome.Refused refusal) implements Parsed {}
    }

    /** Reads a body; whatever is wrong with it becomes {@link Parsed.Invalid}. */
    Parsed parse(String id, Dialect dialect, String body);
}
