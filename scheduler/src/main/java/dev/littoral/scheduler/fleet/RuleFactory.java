package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.routing.DispatchRule;
import dev.littoral.algorithms.routing.RouteWatch;

/** Makes the rule of a deployment: rules remember what their agents were like, and pay that deployment's prices. */
@FunctionalInterface
public interface RuleFactory {

    /**
     * Makes a rule.
     *
     * @param deployment namespace/name
     * @param watch is told why requests went where they went
     */
    DispatchRule of(String deployment, RouteWatch watch);
}
