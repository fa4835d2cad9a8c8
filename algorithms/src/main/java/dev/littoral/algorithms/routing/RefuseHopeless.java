package dev.littoral.algorithms.routing;

import java.util.ArrayList;
import java.util.List;

/**
 * Refuses what no agent can end before its deadline any more, and leaves the rest to another rule.
 *
 * <p>A request is refused when even alone on the agent where its chance is best it would end in time with less than this
 * probability; one that merely waits behind others is not. Ours.
 *
 * @param rule decides about what is not refused
 * @param refuseBelow chance of ending in time, 0 to 1
 */
public record RefuseHopeless(DispatchRule rule, double refuseBelow) implements DispatchRule {

    /** Rejects what is no probability. */
    public RefuseHopeless {
        if (!(refuseBelow >= 0 && refuseBelow <= 1)) {
            throw new IllegalArgumentException("refuseBelow must lie between 0 and 1: " + refuseBelow);
        }
    }

    @Override
    public List<Verdict> decide(double nowSeconds, List<WaitingRequest> waiting, List<AgentSnapshot> agents) {
        return decide(nowSeconds, waiting, List.of(), agents);
    }

    @Override
    public List<Verdict> decide(
            double nowSeconds,
            List<WaitingRequest> waiting,
            List<WaitingRequest> elsewhere,
            List<AgentSnapshot> agents) {
        List<WaitingRequest> left = waiting.stream()
                .filter(request -> !hopeless(request, nowSeconds, agents))
                .toList();
        if (left.size() == waiting.size()) {
            return ruled(nowSeconds, waiting, elsewhere, agents);
        }
        List<Verdict> decided = left.isEmpty()
                ? elsewhere.stream().<Verdict>map(each -> new Verdict.Hold()).toList()
                : ruled(nowSeconds, left, elsewhere, agents);
        List<Verdict> verdicts = new ArrayList<>(waiting.size());
        int next = 0;
        for (WaitingRequest request : waiting) {
            if (next < left.size() && left.get(next).id() == request.id()) {
                verdicts.add(decided.get(next++));
            } else {
                verdicts.add(refusal(request, nowSeconds, agents));
            }
        }
        verdicts.addAll(decided.subList(left.size(), decided.size()));
        return verdicts;
    }

    private List<Verdict> ruled(
            double nowSeconds, List<WaitingRequest> own, List<WaitingRequest> elsewhere, List<AgentSnapshot> agents) {
        return elsewhere.isEmpty()
                ? rule.decide(nowSeconds, own, agents)
                : rule.decide(nowSeconds, own, elsewhere, agents);
    }

    private boolean hopeless(WaitingRequest request, double nowSeconds, List<AgentSnapshot> agents) {
        double left = request.deadlineSeconds() - nowSeconds;
        double tokens = 0;
        for (AgentSnapshot agent : agents) {
            ServiceTimes times = agent.times();
            tokens = Math.max(
                    tokens, (left - times.prefill(agent.unheldTokens(request))) / times.secondsPerAnswerToken());
            if (tokens >= request.answer().upperTokens()) {
                return false;
            }
        }
        return request.answer().probabilityUpTo(tokens) < refuseBelow;
    }

    private static Verdict refusal(WaitingRequest request, double nowSeconds, List<AgentSnapshot> agents) {
        double alone = Double.POSITIVE_INFINITY;
        for (AgentSnapshot agent : agents) {
            ServiceTimes times = agent.times();
            alone = Math.min(
                    alone,
                    times.prefill(agent.unheldTokens(request))
                            + request.answer().meanTokens() * times.secondsPerAnswerToken());
        }
        return new Verdict.Refuse(
                request.deadlineSeconds() <= nowSeconds
                        ? RefusalReason.DeadlinePassed
                        : RefusalReason.DeadlineOutOfReach,
                alone);
    }
}
