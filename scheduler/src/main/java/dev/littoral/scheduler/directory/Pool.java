package dev.littoral.scheduler.directory;

import java.util.Map;

/**
 * A pool of nodes and what their work costs.
 *
 * @param budgetWatts mean power that its nodes' work may draw together; infinite where nothing is promised
 * @param moneyPerHour of work of one node
 * @param watts that each node draws while it works, by its name; 0 when unknown
 */
public record Pool(String namespace, String name, double budgetWatts, double moneyPerHour, Map<String, Double> watts) {

    public Pool {
        watts = Map.copyOf(watts);
    }

    /** Returns namespace/name. */
    public String key() {
        return namespace + "/" + name;
    }
}
