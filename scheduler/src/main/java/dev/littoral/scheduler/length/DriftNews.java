package dev.littoral.scheduler.length;

/** Is told that a deployment's answers are no longer as long as they were. */
@FunctionalInterface
public interface DriftNews {

    /** Tells nobody. */
    DriftNews UNHEARD = (deployment, message) -> {};

    /** Must not block. */
    void drifted(String deployment, String message);
}
