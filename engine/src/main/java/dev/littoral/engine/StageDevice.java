package dev.littoral.engine;

/**
 * Names what a stage is computed on.
 *
 * @param name {@code cpu} or {@code cuda}
 * @param why it is this one; for people
 */
public record StageDevice(String name, String why) {

    /** The processor, where there is no choice. */
    public static final StageDevice CPU = new StageDevice("cpu", "this engine computes on the processor only");
}
