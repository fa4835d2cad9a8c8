package dev.littoral.algorithms.offloading;

/**
 * The long-term promises of a deployment, each a virtual queue of what was used beyond its budget, and what that makes dear.
 *
 * <p>Budgets are per answer token, so that a calm hour pays for a calm hour's work only. A price grows with its queue: with
 * a debt of {@code patienceTokens} tokens' budgets, using one token's budget costs as much as {@code secondsPerToken}
 * seconds of delay. A budget of 0 has no such scale and can never be made up for: its price is one that outweighs any delay,
 * from the start and for ever, and its queue counts what was used all the same. Ours: the source (Argus, arXiv 2512.22925) states long-term promises without their prices.
 */
public final class Promises {

    /**
     * What is promised per answer token; infinite where nothing is.
     *
     * @param joulesPerToken energy above idle, above 0: no answer is without any
     * @param moneyPerToken money, 0 for none at all
     * @param lowBitShare tokens from variants with few bits per token, 0 to 1
     * @param missedShare answers that miss their deadline, per answer, 0 to 1
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
            if (!(joulesPerToken > 0) || !(moneyPerToken >= 0) || !(lowBitShare >= 0) || !(missedShare >= 0)) {
                throw new IllegalArgumentException("budgets must not be negative, that of joules positive, and"
                        + " infinite where nothing is promised: " + joulesPerToken + ", " + moneyPerToken + ", "
                        + lowBitShare + ", " + missedShare);
            }
        }
    }

    /**
     * What a unit costs of which none may be used, in usual times of a token (of an answer, for a miss): more than any wait
     * is long, and little enough that delays still count beside it in double precision.
     */
    private static final double NO_MONEY = 1e12;

    private static final double NO_LOW_BIT_TOKEN = 1e6;
    private static final double NO_MISS = 1e4;

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
        if (budget == 0) {
            return NO_MISS * secondsPerToken * tokensPerAnswer;
        }
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
        return price(joules, budgets.joulesPerToken(), 0);
    }

    /** Gives what a unit of money costs now, in seconds of delay. */
    public double secondsPerMoney() {
        return price(money, budgets.moneyPerToken(), NO_MONEY);
    }

    /** Gives what an answer token from a variant with few bits costs now, in seconds of delay. */
    public double secondsPerLowBitToken() {
        return price(lowBit, budgets.lowBitShare(), NO_LOW_BIT_TOKEN);
    }

    private double price(VirtualQueue queue, double budget, double none) {
        if (budget == 0) {
            return none * secondsPerToken;
        }
        return budget < Double.POSITIVE_INFINITY
                ? queue.backlog() / (patienceTokens * budget) * secondsPerToken / budget
                : 0;
    }

    private static VirtualQueue after(VirtualQueue queue, double used, double tokens, double budget) {
        return budget < Double.POSITIVE_INFINITY ? queue.after(used - budget * tokens) : queue;
    }
}
