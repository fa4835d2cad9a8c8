package dev.littoral.scheduler.request;

/** Answers requests. */
@FunctionalInterface
public interface Answering {

    /** Answers one request on the calling thread and returns how it ended; never throws for what a client does. */
    Outcome answer(RawRequest raw, AnswerSink sink, Cancellation cancellation);
}
