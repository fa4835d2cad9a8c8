package dev.littoral.operator.status;

import dev.littoral.crds.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;

/** Where decisions are told to whoever runs {@code kubectl describe} or {@code kubectl get events}. */
public interface Events {

    /** Tells of something that went as wanted. */
    void normal(HasMetadata about, Reason reason, String message);

    /** Tells of something that somebody should look at. */
    void warning(HasMetadata about, Reason reason, String message);

    /** Tells of a verdict whose status or reason is not what the conditions said before. */
    default void changed(HasMetadata about, List<Condition> before, String type, Verdict verdict) {
        boolean known = before.stream()
                .anyMatch(seen -> seen.type().equals(type)
                        && seen.holds() == verdict.holds()
                        && seen.reason().equals(verdict.reason().name()));
        if (known) {
            return;
        }
        if (verdict.holds()) {
            normal(about, verdict.reason(), verdict.message());
        } else {
            warning(about, verdict.reason(), verdict.message());
        }
    }
}
