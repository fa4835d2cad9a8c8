package dev.littoral.scheduler.directory;

import java.time.Instant;
import java.util.List;

/**
 * A model that is served.
 *
 * @param heads agents of stage 0, one per ready replica
 */
public record Deployment(String namespace, String name, Instant created, List<AgentRef> heads) {

    /** Namespace whose deployments need no prefix. */
    public static final String DEFAULT_NAMESPACE = "default";

    /** Returns namespace/name. */
    public String key() {
        return namespace + "/" + name;
    }

    /** Returns the name by which clients are told of it. */
    public String servedName() {
        return namespace.equals(DEFAULT_NAMESPACE) ? name : key();
    }
}
