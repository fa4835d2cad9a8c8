package dev.littoral.bench.simulation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** Ratios of one figure over many cells. */
final class Ratios {

    private double logs;
    private int count;
    private int leftOut;
    private double least = Double.POSITIVE_INFINITY;
    private double most;
    private String leastAt = "";
    private String mostAt = "";

    /** Adds one; what is no number, as where nothing was in time, is left out and counted. */
    void add(String at, double ratio) {
        if (!Double.isFinite(ratio)) {
            leaveOut();
            return;
        }
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

    /** Counts a cell that has no such figure. */
    void leaveOut() {
        leftOut++;
    }

    int count() {
        return count;
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
                "geometric mean %.3f, least %.3f (%s), most %.3f (%s), %d cells%s",
                geometricMean(),
                least,
                leastAt,
                most,
                mostAt,
                count,
                leftOut == 0 ? "" : ", " + leftOut + " left out");
    }

    void write(ObjectNode node) {
        if (!empty()) {
            node.put("geometric_mean", geometricMean())
                    .put("least", least)
                    .put("least_at", leastAt)
                    .put("most", most)
                    .put("most_at", mostAt)
                    .put("cells", count)
                    .put("cells_left_out", leftOut);
        }
    }
}
