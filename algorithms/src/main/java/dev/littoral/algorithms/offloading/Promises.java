package dev.littoral.algorithms.offloading;

/**
 * The long-term promises of a deployment, each a virtual queue of what was used beyond its budget, and what that makes dear.
 *
 * <p>Budgets are per answer token, so that a calm hour pays for a calm hour's work only. A price grows with its queue: with
 * a debt of {@code patienceTokens} tokens' budgets, using one token's budget costs as much as {@code secondsPerToken}
 * seconds of delay. Ours: the source (Argus, arXiv 2512.22925) states long-term promises without their prices.
 */
public final class Promises {

    /**
     * What is promised per answer token; infinite where nothing is.
     *
     * @param joulesPerToken energy above idle
     * @param moneyPerToken money
     * @param lowBitShare tokens from variants with few bits per token, at most 1
     * @param missedShare answers that miss their deadline, per answer, at most 1
     */
    public record Budgets(double joulesPerToken, double moneyPerToken, double lowBitShare, double missedShare) {

        /** Promises nothing. */
        public static final Budgets NONE =
                new Budgets(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

        /** Promises nothing about deadlines. */
        public Budgets(double joulesPerToken, double moneyPerToken, double lowBitShare) {
            this(joulesPerToken, moneyPerToken, lowBitShare, Double.POSITIVE_INFINITY);
        }

        /** Rejects budgets that nothing could keep. */
        public Budgets {
            if (!(joulesPerToken > 0) || !(moneyPerToken > 0) || !(lowBitShare > 0) || !(missedShare > 0)) {
                throw new IllegalArgumentException("budgets must be positive, infinite for none: " + joulesPerToken
                        + ", " + moneyPerToken + ", " + lowBitShare + ", " + missedShare);
            }
        }
    }

    private final Budgets budgets;
    private final double secondsPerToken;
    private final double patienceTokens;
    private VirtualQueue joules = VirtualQueue.of(0);
    private VirtualQueue money = VirtualQueue.of(0);
    private VirtualQueue lowBit = VirtualQueue.of(0);
    private VirtualQueue missed = VirtualQueue.of(0);

    /**
     * Starts without debts.
     *
     * @param secondsPerToken usual time of an answer token, above 0
     * @param patienceTokens debt that counts as much as delay, in tokens' budgets, above 0
     */
    public Promises(Budgets budgets, double secondsPerToken, double patienceTokens) {
        if (!(secondsPerToken > 0) || !(patienceTokens > 0)) {
            throw new IllegalArgumentException(
                    "secondsPerToken and patienceTokens must be positive: " + secondsPerToken + ", " + patienceTokens);
        }
        this.budgets = budgets;
        this.secondsPerToken = secondsPerToken;
        this.patienceTokens = patienceTokens;
    }

    /** Notes what was used for this many answer tokens. */
    public void used(double tokens, double joulesUsed, double moneyUsed, double lowBitTokens) {
        joules = after(joules, joulesUsed, tokens, budgets.joulesPerToken());
        money = after(money, moneyUsed, tokens, budgets.moneyPerToken());
        lowBit = after(lowBit, lowBitTokens, tokens, budgets.lowBitShare());
    }

    /** Notes answers that ended, and how many of them missed their deadline. */
    public void ended(double answers, double misses) {
        missed = after(missed, misses, answers, budgets.missedShare());
    }

    /** Gives the missed deadlines that were too many. */
    public double missesOwed() {
        return missed.backlog();
    }

    /**
     * Gives what a missed deadline costs now, in seconds of delay; with a debt of as many answers' budgets as
     * {@code patienceTokens} are answers, to use one answer's budget costs as much as an answer's usual time.
     *
     * @param tokensPerAnswer usual length of an answer, above 0
     */
    public double secondsPerMiss(double tokensPerAnswer) {
        double budget = budgets.missedShare();
        return budget < Double.POSITIVE_INFINITY
                ? missed.backlog()
                        * tokensPerAnswer
                        / (patienceTokens * budget)
                        * secondsPerToken
                        * tokensPerAnswer
                        / budget
                : 0;
    }

    /** Gives the debt of energy, in joules. */
    public double joulesOwed() {
        return joules.backlog();
    }

    /** Gives the debt of money. */
    public double moneyOwed() {
        return money.backlog();
    }

    /** Gives the answer tokens from variants with few bits that were too many. */
    public double lowBitTokensOwed() {
        return lowBit.backlog();
    }

    /** Gives what a joule costs now, in seconds of delay. */
    public double secondsPerJoule() {
        return price(joules, budgets.joulesPerToken());
    }

    /** Gives what a unit of money costs now, in seconds of delay. */
    public double secondsPerMoney() {
        return price(money, budgets.moneyPerToken());
    }

    /** Gives what an answer token from a variant with few bits costs now, in seconds of delay. */
    public double secondsPerLowBitToken() {
        return price(lowBit, budgets.lowBitShare());
    }

    private double price(VirtualQueue queue, double budget) {
        return budget < Double.POSITIVE_INFINITY
                ? queue.backlog() / (patienceTokens * budget) * secondsPerToken / budget
                : 0;
    }

    private static VirtualQueue after(VirtualQueue queue, double used, double tokens, double budget) {
        return budget < Double.POSITIVE_INFINITY ? queue.after(used - budget * tokens) : queue;
    }
}
