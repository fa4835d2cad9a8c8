package dev.littoral.algorithms.routing;

import org.jspecify.annotations.Nullable;

/** An agent as it will be while one decision sends it request after request. */
final class PlannedAgent {

    private static final double LEAST_WAIT_SECONDS = 1e-3;

    final AgentSnapshot now;
    /** By slot, the free ones first, when it is free again; worked out when somebody asks. */
    private double @Nullable [] releases;

    private int free;
    private int started;
    private double freeTokens;
    private double unreadSeconds;
    private long asked = -1;
    private double unheld;
    private final double readAheadSeconds;

    /** Gives it prompts to read as long as there are slots. */
    PlannedAgent(AgentSnapshot now) {
        this(now, Double.POSITIVE_INFINITY);
    }

    /** Gives it a prompt only if it has no more than so many seconds of others to read first. */
    PlannedAgent(AgentSnapshot now, double readAheadSeconds) {
        this.now = now;
        this.readAheadSeconds = readAheadSeconds;
        this.free = now.freeSlots();
        this.freeTokens = now.freeTokens();
        this.unreadSeconds = now.unreadSeconds();
    }

    private double[] releases() {
        if (releases == null) {
            releases = releases(now);
        }
        return releases;
    }

    private static double[] releases(AgentSnapshot now) {
        double[] releases = new double[now.slots()];
        int taken = now.slots() - now.freeSlots();
        double perToken = now.times().perToken(taken);
        for (int k = 0; k < taken; k++) {
            // of slots whose holder is unknown the last known end is the best guess
            int known = Math.min(k, now.known() - 1);
            releases[now.freeSlots() + k] = now.unreadSeconds() + (known < 0 ? 0 : now.rest(known) * perToken);
        }
        return releases;
    }

    /** Says whether a request of this size could start now. */
    boolean takes(WaitingRequest request) {
        return unreadSeconds <= readAheadSeconds && hasRoom(request);
    }

    private boolean hasRoom(WaitingRequest request) {
        return free > 0 && (running() == 0 || reservation(request) <= freeTokens);
    }

    /** Counts the sequences that will be written at once, itself included, when it starts after this wait. */
    int beside(WaitingRequest request, double wait) {
        return wait == 0 || hasRoom(request) ? running() + 1 : now.slots();
    }

    /** Counts what runs there with what this decision has sent. */
    int running() {
        return now.slots() - free;
    }

    /** Counts what this decision has sent there. */
    int started() {
        return started;
    }

    int free() {
        return free;
    }

    double unreadSeconds() {
        return unreadSeconds;
    }

    /** Gives the seconds until a slot and memory are there; 0 only if they are now. */
    double waitSeconds(WaitingRequest request) {
        if (takes(request)) {
            return 0;
        }
        if (hasRoom(request)) {
            return Math.max(LEAST_WAIT_SECONDS, unreadSeconds - readAheadSeconds);
        }
        // a free slot without the memory: the next answer to end gives some back
        return Math.max(LEAST_WAIT_SECONDS, releases()[Math.min(free, now.slots() - 1)]);
    }

    /** Gives the seconds from its start to its last token. */
    double serviceSeconds(WaitingRequest request, double wait) {
        ServiceTimes times = now.times();
        double unread = wait == 0 || hasRoom(request) ? Math.max(0, unreadSeconds - wait) : 0;
        return unread
                + times.prefill(unheldTokens(request))
                + request.answer().meanTokens() * times.perToken(beside(request, wait));
    }

    /** Gives the seconds that it takes from those that run beside it. */
    double takenFromOthers(WaitingRequest request, double wait) {
        ServiceTimes times = now.times();
        double tokens = request.answer().meanTokens();
        double prefill = times.prefill(unheldTokens(request));
        double perOther = times.secondsPerAnswerToken() * times.slope();
        if (wait > 0 && !hasRoom(request)) {
            return (now.slots() - 1) * (prefill + perOther * tokens / 2);
        }
        return DelayModel.takenFromOthers(now, unheldTokens(request), tokens) + started * (prefill + perOther * tokens);
    }

    /** Gives the probability that a request ends within this many seconds while so many are written at once. */
    double chance(WaitingRequest request, double seconds, int sequences) {
        return request.answer().probabilityUpTo(tokensWithin(request, seconds, sequences));
    }

    /** Gives the same while it is unknown how many come and go beside it. */
    double chanceAtStrayingPace(WaitingRequest request, double seconds, int sequences) {
        return request.answer().chanceWithin(0, tokensWithin(request, seconds, sequences));
    }

    private double tokensWithin(WaitingRequest request, double seconds, int sequences) {
        ServiceTimes times = now.times();
        return (seconds - times.prefill(unheldTokens(request))) / times.perToken(sequences);
    }

    /** Gives the answers in progress that are expected to miss their deadline because of a request. */
    double lostInTime(double nowSeconds, WaitingRequest request) {
        return now.lostByCrowd(nowSeconds)
                + now.lostPerSecond(nowSeconds) * now.times().prefill(unheldTokens(request));
    }

    /** Gives what its promises make of it, in seconds. */
    double price(WaitingRequest request, double wait, Prices prices) {
        Tariff tariff = now.tariff();
        return workSeconds(request, wait)
                        * (prices.secondsPerJoule() * tariff.wattsAboveIdle()
                                + prices.secondsPerMoney() * tariff.moneyPerSecond()
                                + tariff.surcharge())
                + (tariff.lowBit()
                        ? prices.secondsPerLowBitToken() * request.answer().meanTokens()
                        : 0);
    }

    /** Gives the agent's seconds that it is charged with: a prompt is read alone, answers share each token's time. */
    double workSeconds(WaitingRequest request, double wait) {
        ServiceTimes times = now.times();
        int beside = beside(request, wait);
        return times.prefill(unheldTokens(request)) + request.answer().meanTokens() * times.perToken(beside) / beside;
    }

    /** Gives the tokens of its prompt that are to be read; asked several times about one request after the other. */
    double unheldTokens(WaitingRequest request) {
        if (asked != request.id()) {
            asked = request.id();
            unheld = now.unheldTokens(request);
        }
        return unheld;
    }

    /** Takes a request, now or once there is room. */
    void take(WaitingRequest request, double wait) {
        double end = wait + serviceSeconds(request, wait);
        double[] ends = releases();
        if (wait == 0 || hasRoom(request)) {
            free--;
            started++;
            freeTokens -= reservation(request);
            unreadSeconds += now.times().prefill(unheldTokens(request));
        }
        // in the place of the slot that it takes, and from there to its own: the others are in order
        int place = free;
        while (place + 1 < ends.length && ends[place + 1] < end) {
            ends[place] = ends[place + 1];
            place++;
        }
        ends[place] = end;
    }

    private static double reservation(WaitingRequest request) {
        return request.promptTokens() + request.answer().upperTokens();
    }
}
