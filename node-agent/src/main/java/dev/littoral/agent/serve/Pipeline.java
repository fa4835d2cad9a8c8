package dev.littoral.agent.serve;

import dev.littoral.engine.Sample;

/** Is one sequence in all stages, as stage 0 sees it; used by one thread at a time, closed by any. */
sealed interface Pipeline extends AutoCloseable permits OneStage, ManyStages {

    /** Counts the tokens that all stages hold; at the beginning, those of the prompt that need not be appended. */
    int length();

    /** Appends tokens; returns before later stages have taken them in. */
    void append(int[] tokens);

    /** Appends tokens and waits for the one that follows the last of them. */
    Sample appendAndSample(int[] tokens);

    /** Frees the slot in every stage; whoever waits here is woken by an exception. */
    @Override
    void close();
}
