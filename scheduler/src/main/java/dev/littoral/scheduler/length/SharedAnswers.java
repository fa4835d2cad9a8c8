package dev.littoral.scheduler.length;

/** Tells other schedulers, and this one after its next start, what was learned. */
public interface SharedAnswers {

    /** Sends without waiting; what cannot be sent is dropped. */
    void tell(String deployment, LearnedAnswer answer);

    /**
     * Says that what was told of a deployment so far no longer holds; what is told of it from now on does. Does not wait,
     * and is said again until it is sent.
     */
    void drifted(String deployment);
}
