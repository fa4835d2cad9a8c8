package dev.littoral.operator.languagemodel;

import java.util.Map;
import java.util.Optional;

/** Reads secrets that models name. */
@FunctionalInterface
public interface Secrets {

    /** Gives the decoded values of a secret; empty when there is none of that name. */
    Optional<Map<String, String>> find(String namespace, String name);
}
