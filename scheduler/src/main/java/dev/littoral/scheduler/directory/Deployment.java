package dev.littoral.scheduler.directory;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A model that is served.
 *
 * @param heads agents of stage 0, one per ready replica
 * @param promised what its answers may use in the long run
 * @param places what answers at each of the heads, by pod
 */
public record Deployment(
        String namespace,
        String name,
        Instant created,
        List<AgentRef> heads,
        Promised promised,
        Map<String, Place> places) {

    /** Namespace whose deployments need no prefix. */
    public static final String DEFAULT_NAMESPACE = "default";

    /**
     * What is promised; infinite where nothing is.
     *
     * @param joulesPerToken energy per answer token
     * @param moneyPerToken money per answer token
     * @param lowBitShare of answer tokens
     * @param missedShare of requests
     */
    public record Promised(double joulesPerToken, double moneyPerToken, double lowBitShare, double missedShare) {

        /** Promises nothing. */
        public static final Promised NOTHING = new Promised(
                Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    }

    /**
     * Where a replica runs, and how precisely.
     *
     * @param nodes of all its stages
     * @param fewestBits per weight of any of its layers; 0 when unknown
     */
    public record Place(List<String> nodes, int fewestBits) {

        public Place {
            nodes = List.copyOf(nodes);
        }
    }

    public Deployment {
        heads = List.copyOf(heads);
        places = Map.copyOf(places);
    }

    /** Makes one that promises nothing and of whose nodes nothing is known. */
    public Deployment(String namespace, String name, Instant created, List<AgentRef> heads) {
        this(namespace, name, created, heads, Promised.NOTHING, Map.of());
    }

    /** Returns namespace/name. */
    public String key() {
        return namespace + "/" + name;
    }

    /** Returns the name by which clients are told of it. */
    public String servedName() {
        return namespace.equals(DEFAULT_NAMESPACE) ? name : key();
    }
}
