package dev.littoral.scheduler.directory;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Knows the deployments, as of the last time that anybody could be asked. */
public interface DeploymentDirectory {

    /** Returns all of them, by namespace and name. */
    List<Deployment> all();

    /** Says whether anybody could be asked yet; until then {@link #all} says nothing. */
    boolean known();

    /** Calls back after every change, on any thread; the callback must not block. */
    void onChange(Runnable listener);

    /** Finds by name (in the namespace {@code default} first) or by namespace/name. */
    default Optional<Deployment> find(String model) {
        Comparator<Deployment> defaultFirst =
                Comparator.comparing(each -> !each.namespace().equals(Deployment.DEFAULT_NAMESPACE));
        return all().stream()
                .filter(each -> each.key().equals(model) || each.name().equals(model))
                .min(defaultFirst.thenComparing(Deployment::key));
    }
}
