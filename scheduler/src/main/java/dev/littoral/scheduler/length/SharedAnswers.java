package dev.littoral.scheduler.length;

/** Tells other schedulers, and this one after its next start, what was learned. */
@FunctionalInterface
public interface SharedAnswers {

    /** Sends without waiting; what cannot be sent is dropped. */
    void tell(String deployment, LearnedAnswer answer);
}
