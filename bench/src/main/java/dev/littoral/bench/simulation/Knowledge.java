package dev.littoral.bench.simulation;

/** What a rule knows of an answer's length before it ends. */
enum Knowledge {
    /** What the answers of this trace have in common: mean, median, upper quantile. */
    MEAN,
    /** One and a half times the prompt. */
    PROMPT,
    /** What the length predictor says, with the error that the length bench measured. */
    PREDICTED,
    /** The length itself. */
    TRUE
}
