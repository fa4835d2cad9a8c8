package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.offloading.FairShares;
import dev.littoral.algorithms.routing.AgentSnapshot;
import dev.littoral.algorithms.routing.FairShare;
import dev.littoral.algorithms.routing.FleetWork;
import dev.littoral.algorithms.routing.WaitingRequest;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What each key of a deployment got beyond its share of the agents. Guarded by the queue's lock. */
final class KeyShares {

    private static final double HALF_LIFE_SECONDS = 30;
    private static final int MOST_KEYS = 4096;

    private final FairShares shares = new FairShares(HALF_LIFE_SECONDS, MOST_KEYS);

    /**
     * What a start was charged with, to be set right at its end.
     *
     * @param withWork keys that had work at the start: among them it was shared, whoever waits at the end
     */
    record Charge(long key, double seconds, double secondsPerToken, double expectedTokens, Set<Long> withWork) {}

    /** Gives a request with what its sender owes by now. */
    WaitingRequest owing(WaitingRequest request, double nowSeconds) {
        long sender = request.share().sender();
        return request.owing(new FairShare(sender, shares.owed(nowSeconds, sender)));
    }

    /** Charges a sender with what its request is expected to take of all agents together. */
    Charge start(WaitingRequest request, List<AgentSnapshot> agents, double nowSeconds, List<Waiter> queue) {
        FleetWork work = FleetWork.of(agents);
        long key = request.share().sender();
        double seconds = work.seconds(request);
        Charge charge =
                new Charge(key, seconds, work.seconds(0, 1), request.answer().meanTokens(), withWork(queue));
        shares.served(nowSeconds, key, seconds, charge.withWork());
        return charge;
    }

    /** Sets a charge right once the answer's length is known; negative when it never began. */
    void end(Charge charge, int answerTokens, double nowSeconds) {
        double tooFew = answerTokens < 0
                ? -charge.seconds()
                : (answerTokens - charge.expectedTokens()) * charge.secondsPerToken();
        shares.served(nowSeconds, charge.key(), tooFew, charge.withWork());
    }

    double most(double nowSeconds) {
        return shares.most(nowSeconds);
    }

    int debtors() {
        return shares.debtors();
    }

    /** Tells keys apart; two that are taken for one share what is one's. */
    static long number(String key) {
        return key.isEmpty() ? 0 : HeldRequest.digest(key);
    }

    private static Set<Long> withWork(List<Waiter> queue) {
        Set<Long> keys = new HashSet<>();
        for (Waiter waiter : queue) {
            if (waiter.grant.isEmpty()) {
                keys.add(waiter.request.share().sender());
            }
        }
        return Collections.unmodifiableSet(keys);
    }
}
