package dev.littoral.bench.simulation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;

/**
 * What a run came to.
 *
 * @param met share of requests that ended before their deadline
 * @param meanSeconds from arrival to last token, of those that were answered
 * @param perTokenSeconds mean of latency over answer tokens
 * @param joules above idle
 * @param tokens of answers, with what was written of those that were dropped
 * @param lowBitShare share of answer tokens that came from variants with few bits
 */
record Figures(
        double met,
        double interactiveMet,
        double standardMet,
        double batchMet,
        double meanSeconds,
        double perTokenSeconds,
        double p99Seconds,
        double joules,
        double idleJoules,
        double money,
        double tokens,
        double lowBitShare,
        int refused,
        int evicted,
        int mostWaiting) {

    static final String CSV_HEADER = "trace,fleet,load,objective,rule,met,interactive_met,standard_met,batch_met,"
            + "mean_s,per_token_s,p99_s,joules,idle_joules,money,low_bit_share,refused,evicted,most_waiting";

    static Figures of(SimulationLog log, List<SimulatedDevice> devices) {
        double[] latencies = log.latencies();
        Arrays.sort(latencies);
        double joules = 0;
        double idle = 0;
        double money = 0;
        double low = 0;
        double tokens = 0;
        for (SimulatedDevice device : devices) {
            joules += device.busySeconds * device.kind.tariff().wattsAboveIdle();
            idle += log.lastEnd * device.kind.idleWatts();
            money += device.busySeconds * device.kind.tariff().moneyPerSecond();
            low += device.kind.tariff().lowBit() ? device.answerTokens : 0;
            tokens += device.answerTokens;
        }
        return new Figures(
                log.metShare(),
                log.metShare(0),
                log.metShare(1),
                log.metShare(2),
                mean(latencies),
                mean(log.perToken()),
                latencies.length == 0 ? 0 : latencies[(int) (0.99 * latencies.length)],
                joules,
                idle,
                money,
                tokens,
                tokens == 0 ? 0 : low / tokens,
                log.refusals(),
                log.evictions(),
                log.mostWaiting);
    }

    String csv(Cell cell, String rule) {
        return String.join(
                ",",
                cell.trace().name(),
                cell.fleet().name(),
                Double.toString(cell.load()),
                cell.objective().name().toLowerCase(java.util.Locale.ROOT),
                rule,
                numbers());
    }

    private String numbers() {
        return met + "," + interactiveMet + "," + standardMet + "," + batchMet + "," + meanSeconds + ","
                + perTokenSeconds + "," + p99Seconds + "," + joules + "," + idleJoules + "," + money + ","
                + lowBitShare + "," + refused + "," + evicted + "," + mostWaiting;
    }

    void write(ObjectNode node) {
        node.put("met", met)
                .put("mean_s", meanSeconds)
                .put("per_token_s", perTokenSeconds)
                .put("p99_s", p99Seconds)
                .put("joules_above_idle", joules)
                .put("joules_idle", idleJoules)
                .put("money", money)
                .put("low_bit_share", lowBitShare)
                .put("refused", refused)
                .put("most_waiting", mostWaiting);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }
}
