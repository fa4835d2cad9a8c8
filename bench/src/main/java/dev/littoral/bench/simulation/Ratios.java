package dev.littoral.bench.simulation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** Ratios of one figure over many cells. */
final class Ratios {

    private double logs;
    private int count;
    private double least = Double.POSITIVE_INFINITY;
    private double most;
    private String leastAt = "";
    private String mostAt = "";

    void add(String at, double ratio) {
        logs += Math.log(ratio);
        count++;
        if (ratio < least) {
            least = ratio;
            leastAt = at;
        }
        if (ratio > most) {
            most = ratio;
            mostAt = at;
        }
    }

    double geometricMean() {
        return count == 0 ? Double.NaN : Math.exp(logs / count);
    }

    boolean empty() {
        return count == 0;
    }

    String line() {
        return String.format(
                Locale.ROOT,
                "geometric mean %.3f, least %.3f (%s), most %.3f (%s), %d cells",
                geometricMean(),
                least,
                leastAt,
                most,
                mostAt,
                count);
    }

    void write(ObjectNode node) {
        if (!empty()) {
            node.put("geometric_mean", geometricMean())
                    .put("least", least)
                    .put("least_at", leastAt)
                    .put("most", most)
                    .put("most_at", mostAt)
                    .put("cells", count);
        }
    }
}
