package dev.littoral.scheduler.length;

import dev.littoral.algorithms.length.Features;
import dev.littoral.algorithms.length.LengthForecast;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Remembers which forecast a request was given until its answer ends; of very many the oldest are forgotten. */
final class GivenForecasts {

    private static final int MOST = 4096;

    private final Map<String, Given> given = new LinkedHashMap<>() {

        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Given> eldest) {
            return size() > MOST;
        }
    };

    /**
     * What a request was given.
     *
     * @param features of its prompt, where it was read in time
     */
    record Given(LengthForecast forecast, Optional<Features> features) {}

    synchronized void give(String deployment, String request, Given now) {
        given.put(deployment + "/" + request, now);
    }

    /** Gives it once. */
    synchronized Optional<Given> take(String deployment, String request) {
        return Optional.ofNullable(given.remove(deployment + "/" + request));
    }
}
