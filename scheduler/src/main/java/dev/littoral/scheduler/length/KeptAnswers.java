package dev.littoral.scheduler.length;

import java.util.Set;

/** Knows of which deployments answers are kept for schedulers that start later, and lets go of them. */
public interface KeptAnswers {

    /** Gives them, as far as is known here. */
    Set<String> deployments();

    /** Lets go of a deployment's answers, without waiting; those that are kept all the same can be dropped again. */
    void drop(String deployment);
}
