package dev.littoral.scheduler.peers;

import dev.littoral.algorithms.routing.LengthForecast;
import dev.littoral.algorithms.routing.WaitingRequest;
import dev.littoral.scheduler.fleet.HeldRequest;

/** Requests that wait, for tests. */
final class Held {

    static final String TINY = "default/tiny";

    private Held() {}

    static HeldRequest request(long digest, double arrival, double deadline, double tokens) {
        return request(digest, 0, arrival, deadline, tokens);
    }

    static HeldRequest request(long digest, int priority, double arrival, double deadline, double tokens) {
        return new HeldRequest(
                digest, priority, new WaitingRequest(digest, arrival, deadline, 10, LengthForecast.exactly(tokens)));
    }
}
