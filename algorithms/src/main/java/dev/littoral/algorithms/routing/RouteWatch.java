package dev.littoral.algorithms.routing;

import java.util.List;

/** Is told why requests went where they went. */
public interface RouteWatch {

    /** Asks for nothing. */
    RouteWatch NONE = new RouteWatch() {

        @Override
        public boolean wants() {
            return false;
        }

        @Override
        public void routed(WaitingRequest request, String agent, Compared by, List<RouteTerms> candidates) {
            // nobody asked
        }
    };

    /** Says whether the next route is to be explained; asked for each request that may start. */
    boolean wants();

    /**
     * Takes a route and what each agent would have cost at the moment of the decision.
     *
     * @param by what of it decided
     */
    void routed(WaitingRequest request, String agent, Compared by, List<RouteTerms> candidates);
}
