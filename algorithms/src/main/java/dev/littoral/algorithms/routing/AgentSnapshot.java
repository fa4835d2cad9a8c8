package dev.littoral.algorithms.routing;

import java.util.Arrays;
import java.util.List;

/** One agent at the moment of a decision, with what a rule asks of it worked out once. */
public final class AgentSnapshot {

    private final String agent;
    private final ServiceTimes times;
    private final int slots;
    private final int freeSlots;
    private final List<RunningAnswer> running;
    private final List<WaitingRequest> queue;
    private final double freeTokens;
    private final Tariff tariff;
    private final HeldPrefix held;
    private final double unreadSeconds;
    private final double[] rests;
    private final double[] restSums;
    private double lostByCrowd = -1;
    private double lostPerSecond;

    /**
     * Takes a snapshot.
     *
     * @param agent its name
     * @param freeSlots sequences that could start at once
     * @param running what holds its other slots
     * @param queue what was sent there and waits there
     * @param freeTokens room of its KV cache that nothing has reserved
     */
    public AgentSnapshot(
            String agent,
            ServiceTimes times,
            int slots,
            int freeSlots,
            List<RunningAnswer> running,
            List<WaitingRequest> queue,
            double freeTokens,
            Tariff tariff) {
        this(agent, times, slots, freeSlots, running, queue, freeTokens, tariff, HeldPrefix.NOTHING);
    }

    /**
     * Takes a snapshot of an agent that keeps prompts.
     *
     * @param held what it need not read of a prompt
     */
    public AgentSnapshot(
            String agent,
            ServiceTimes times,
            int slots,
            int freeSlots,
            List<RunningAnswer> running,
            List<WaitingRequest> queue,
            double freeTokens,
            Tariff tariff,
            HeldPrefix held) {
        if (slots < 1 || freeSlots < 0 || freeSlots > slots) {
            throw new IllegalArgumentException(
                    "slots must be positive and freeSlots between 0 and them: " + slots + ", " + freeSlots);
        }
        this.agent = agent;
        this.times = times;
        this.slots = slots;
        this.freeSlots = freeSlots;
        this.running = List.copyOf(running);
        this.queue = List.copyOf(queue);
        this.freeTokens = freeTokens;
        this.tariff = tariff;
        this.held = held;
        double unread = 0;
        this.rests = new double[running.size()];
        for (int k = 0; k < rests.length; k++) {
            RunningAnswer each = this.running.get(k);
            unread += each.unreadTokens();
            rests[k] = each.restTokens();
        }
        Arrays.sort(rests);
        this.unreadSeconds = times.prefill(unread);
        this.restSums = new double[rests.length + 1];
        for (int k = 0; k < rests.length; k++) {
            restSums[k + 1] = restSums[k] + rests[k];
        }
    }

    /** Gives its name. */
    public String agent() {
        return agent;
    }

    /** Gives its speed. */
    public ServiceTimes times() {
        return times;
    }

    /** Counts all of its slots. */
    public int slots() {
        return slots;
    }

    /** Counts the sequences that could start at once. */
    public int freeSlots() {
        return freeSlots;
    }

    /** Gives what runs there. */
    public List<RunningAnswer> running() {
        return running;
    }

    /** Gives what waits there, in order. */
    public List<WaitingRequest> queue() {
        return queue;
    }

    /** Gives the room of its KV cache, in tokens. */
    public double freeTokens() {
        return freeTokens;
    }

    /** Gives what its time costs. */
    public Tariff tariff() {
        return tariff;
    }

    /** Gives the tokens of a prompt that it has to read, those left out that it holds; at least one. */
    public double unheldTokens(WaitingRequest request) {
        return request.prefix().blocks() == 0
                ? request.promptTokens()
                : Math.max(Math.min(1, request.promptTokens()), request.promptTokens() - held.tokens(request));
    }

    /** Gives it with another queue. */
    AgentSnapshot queueing(List<WaitingRequest> other) {
        return new AgentSnapshot(agent, times, slots, freeSlots, running, other, freeTokens, tariff, held);
    }

    /** Gives the seconds until all prompts that it was given are read. */
    public double unreadSeconds() {
        return unreadSeconds;
    }

    /** Gives the seconds of work that it has, if all its slots were in use: running and waiting. */
    public double backlogSeconds() {
        double waiting = 0;
        for (WaitingRequest each : queue) {
            waiting += times.share(unheldTokens(each), each.answer().meanTokens(), slots);
        }
        return unreadSeconds + restSums[rests.length] * times.perToken(slots) / slots + waiting;
    }

    /** Gives the expected tokens that the running answers still get while another one gets {@code tokens}. */
    public double tokensBeside(double tokens) {
        int shorter = Arrays.binarySearch(rests, tokens);
        int index = shorter < 0 ? -shorter - 1 : shorter;
        return restSums[index] + (rests.length - index) * tokens;
    }

    /** Gives how many running answers are expected to miss their deadline because one more runs beside them. */
    double lostByCrowd(double nowSeconds) {
        work(nowSeconds);
        return lostByCrowd;
    }

    /** Gives how many running answers are expected to miss their deadline for a second that all stand still. */
    double lostPerSecond(double nowSeconds) {
        work(nowSeconds);
        return lostPerSecond;
    }

    private void work(double nowSeconds) {
        if (lostByCrowd >= 0) {
            return;
        }
        double before = times.perToken(running.size());
        double after = times.perToken(running.size() + 1);
        double crowd = 0;
        double still = 0;
        double pause = 20 * before;
        for (RunningAnswer each : running) {
            double left = each.deadlineSeconds() - nowSeconds - unreadSeconds;
            if (left < Double.POSITIVE_INFINITY) {
                double chance = each.answer().chanceWithin(each.writtenTokens(), left / before);
                crowd += chance - each.answer().chanceWithin(each.writtenTokens(), left / after);
                still += chance - each.answer().chanceWithin(each.writtenTokens(), (left - pause) / before);
            }
        }
        lostByCrowd = Math.max(0, crowd);
        lostPerSecond = Math.max(0, still / pause);
    }

    /** Gives the expected rest of the running answer that ends as the {@code index}-th, in tokens. */
    double rest(int index) {
        return rests[index];
    }

    /** Counts the running answers whose rest is known; may be fewer than the slots that are taken. */
    int known() {
        return rests.length;
    }
}
