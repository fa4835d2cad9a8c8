package dev.littoral.engine.onnx;

/** What threads for computing do while there is nothing for them: spinning ones are at hand at once, and busy. */
public enum Waiting {

    /** They sleep, for processors that others use too. */
    SLEEP,

    /**
     * They spin within a step and sleep from one step to the next, for processors that others use while this process
     * has no step to run, as those of other stages do. Each stage has threads of its own.
     */
    SPIN_IN_STEPS,

    /** They spin for a while after each step too, for processors that nobody else uses. */
    SPIN
}
