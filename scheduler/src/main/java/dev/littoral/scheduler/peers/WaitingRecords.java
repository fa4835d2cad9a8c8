package dev.littoral.scheduler.peers;

import dev.littoral.algorithms.routing.FairShare;
import dev.littoral.algorithms.routing.LengthForecast;
import dev.littoral.algorithms.routing.PromptPrefix;
import dev.littoral.algorithms.routing.WaitingRequest;
import dev.littoral.protocol.events.WaitingTelemetry;
import dev.littoral.protocol.events.WaitingTelemetry.Waiting;
import dev.littoral.protocol.events.WaitingTelemetry.Waits;
import dev.littoral.scheduler.fleet.HeldRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts what waits at a scheduler into a record of bounded size, and reads it from there.
 *
 * <p>Rounding makes no request more pressing than it is. Otherwise two schedulers that take the agents to be equally fast
 * could each leave a slot to the other, where two requests are nearly equal.
 */
public final class WaitingRecords {

    /** Prompt tokens that take about as long as an answer token. */
    private static final double PROMPT_PER_ANSWER_TOKEN = 20;

    /** Whoever goes first by some rule is among those that are listed: by work, by deadline, by arrival. */
    private static final List<Comparator<HeldRequest>> ORDERS = List.of(
            Comparator.comparingDouble(each -> each.request().promptTokens() / PROMPT_PER_ANSWER_TOKEN
                    + each.request().answer().meanTokens()),
            Comparator.comparingDouble(each -> each.request().deadlineSeconds()),
            Comparator.comparingDouble(each -> each.request().arrivalSeconds()));

    private WaitingRecords() {}

    /**
     * Lists what waits, the most pressing first: of each deployment the highest priority, and of equal ones in turns the
     * shortest, the one whose deadline is next, and the one that came first.
     *
     * @param nowSeconds on the clock of the requests
     * @param waiting by deployment
     * @param most requests that are listed, over all deployments; the others are counted
     */
    public static WaitingTelemetry told(
            String scheduler, double nowSeconds, Map<String, List<HeldRequest>> waiting, int most) {
        Map<String, List<HeldRequest>> ordered = new LinkedHashMap<>();
        waiting.entrySet().stream()
                .filter(each -> !each.getValue().isEmpty())
                .sorted(Comparator.comparingInt((Map.Entry<String, List<HeldRequest>> each) ->
                                -each.getValue().size())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(WaitingTelemetry.MAX_DEPLOYMENTS)
                .forEach(each -> ordered.put(each.getKey(), pressing(each.getValue(), most)));
        Map<String, Integer> listed = shared(ordered, Math.min(most, WaitingTelemetry.MAX_REQUESTS));
        Map<String, Waits> told = new LinkedHashMap<>();
        ordered.forEach((deployment, requests) -> {
            int of = listed.getOrDefault(deployment, 0);
            told.put(
                    deployment,
                    new Waits(
                            requests.subList(0, of).stream()
                                    .map(each -> row(each, nowSeconds))
                                    .toList(),
                            waiting.getOrDefault(deployment, List.of()).size() - of));
        });
        return new WaitingTelemetry(scheduler, told);
    }

    /** Reads what waits for a deployment, as of the moment at which it was told. */
    public static List<HeldRequest> heard(Waits waits, double nowSeconds) {
        List<HeldRequest> heard = new ArrayList<>(waits.requests().size());
        for (Waiting each : waits.requests()) {
            heard.add(new HeldRequest(each.digest(), each.priority(), request(each, nowSeconds)));
        }
        return heard;
    }

    /** Takes one after the other of each deployment until so many are taken. */
    private static Map<String, Integer> shared(Map<String, List<HeldRequest>> ordered, int most) {
        Map<String, Integer> listed = new LinkedHashMap<>();
        int left = most;
        boolean more = true;
        while (left > 0 && more) {
            more = false;
            for (Map.Entry<String, List<HeldRequest>> each : ordered.entrySet()) {
                int of = listed.getOrDefault(each.getKey(), 0);
                if (left > 0 && of < each.getValue().size()) {
                    listed.put(each.getKey(), of + 1);
                    left--;
                    more = true;
                }
            }
        }
        return listed;
    }

    private static List<HeldRequest> pressing(List<HeldRequest> waiting, int most) {
        List<List<HeldRequest>> orders = ORDERS.stream()
                .map(order -> waiting.stream()
                        .sorted(Comparator.<HeldRequest>comparingInt(each -> -each.priority())
                                .thenComparing(order)
                                .thenComparingLong(HeldRequest::digest))
                        .toList())
                .toList();
        Set<HeldRequest> taken = new LinkedHashSet<>();
        int[] next = new int[orders.size()];
        for (int turn = 0;
                taken.size() < Math.min(most, waiting.size()) && next[turn % next.length] < waiting.size();
                turn++) {
            int order = turn % next.length;
            // whoever another order has taken already does not use up this one's turn
            while (next[order] < waiting.size() && !taken.add(orders.get(order).get(next[order]))) {
                next[order]++;
            }
            next[order]++;
        }
        return List.copyOf(taken);
    }

    private static Waiting row(HeldRequest held, double nowSeconds) {
        WaitingRequest request = held.request();
        LengthForecast answer = request.answer();
        int median = tokens(answer.medianTokens(), 1);
        return new Waiting(
                millis(Math.floor(1e3 * (nowSeconds - request.arrivalSeconds()))),
                request.deadlineSeconds() == Double.POSITIVE_INFINITY
                        ? -1
                        : millis(Math.ceil(1e3 * (request.deadlineSeconds() - nowSeconds))),
                held.priority(),
                tokens(request.promptTokens(), 0),
                tokens(answer.meanTokens(), 1),
                median,
                Math.max(median, tokens(answer.upperTokens(), 1)),
                request.share().sender(),
                millis(Math.ceil(1e3 * request.share().owedSeconds())),
                held.digest());
    }

    private static WaitingRequest request(Waiting row, double nowSeconds) {
        return new WaitingRequest(
                // below 0, where those that wait here are not
                -row.digest(),
                nowSeconds - row.ageMillis() / 1e3,
                row.leftMillis() < 0 ? Double.POSITIVE_INFINITY : nowSeconds + row.leftMillis() / 1e3,
                row.promptTokens(),
                new LengthForecast(row.meanTokens(), row.medianTokens(), row.upperTokens()),
                new FairShare(row.sender(), row.owedMillis() / 1e3),
                PromptPrefix.NONE);
    }

    private static int tokens(double tokens, int least) {
        return (int) Math.clamp(Math.ceil(tokens), least, WaitingTelemetry.MAX_TOKENS);
    }

    private static long millis(double millis) {
        return (long) Math.clamp(millis, 0, WaitingTelemetry.MAX_MILLIS);
    }
}
