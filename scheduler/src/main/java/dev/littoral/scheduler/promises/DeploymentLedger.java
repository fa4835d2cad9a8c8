package dev.littoral.scheduler.promises;

import dev.littoral.algorithms.offloading.Promises;
import dev.littoral.algorithms.routing.Prices;
import dev.littoral.algorithms.routing.Tariff;
import dev.littoral.scheduler.directory.Deployment.Promised;
import java.util.ArrayList;
import java.util.List;

/** The promises of one deployment, what was used of them, and what that costs. Guarded by the book. */
final class DeploymentLedger {

    /** What an answer token takes, and how long an answer is, until it was seen. */
    private static final double GUESSED_SECONDS_PER_TOKEN = 0.05;

    private static final double GUESSED_TOKENS_PER_ANSWER = 100;

    /** Tokens after which what was used counts half as "of late". */
    private static final double HALF_LIFE_TOKENS = 20_000;

    private static final double HALF_LIFE_ANSWERS = 200;

    final Promised promised;
    private final EnergyWeight weight;
    private final Promises promises;
    private double tokens;
    private double seconds;
    private double joules;
    private double money;
    private double lowBitTokens;
    private double answers;
    private double misses;
    private double tokensPerAnswer = GUESSED_TOKENS_PER_ANSWER;

    DeploymentLedger(Promised promised, EnergyWeight weight, double patienceTokens) {
        this.promised = promised;
        this.weight = weight;
        // prices are linear in the usual time of a token, which changes: they are worked out for a second
        promises = new Promises(
                new Promises.Budgets(
                        promised.joulesPerToken(),
                        promised.moneyPerToken(),
                        promised.lowBitShare(),
                        promised.missedShare()),
                1,
                patienceTokens);
    }

    void used(AgentMeter fresh, Tariff tariff) {
        double joulesNow = fresh.workSeconds() * tariff.wattsAboveIdle();
        double moneyNow = fresh.workSeconds() * tariff.moneyPerSecond();
        double lowNow = tariff.lowBit() ? fresh.answerTokens() : 0;
        promises.used(fresh.answerTokens(), joulesNow, moneyNow, lowNow);
        double keep = Math.pow(0.5, fresh.answerTokens() / HALF_LIFE_TOKENS);
        tokens = tokens * keep + fresh.answerTokens();
        seconds = seconds * keep + fresh.answerSeconds();
        joules = joules * keep + joulesNow;
        money = money * keep + moneyNow;
        lowBitTokens = lowBitTokens * keep + lowNow;
    }

    void ended(boolean missed, double answerTokens) {
        promises.ended(1, missed ? 1 : 0);
        double keep = Math.pow(0.5, 1 / HALF_LIFE_ANSWERS);
        answers = answers * keep + 1;
        misses = misses * keep + (missed ? 1 : 0);
        if (answerTokens > 0) {
            tokensPerAnswer += (answerTokens - tokensPerAnswer) * (1 - keep);
        }
    }

    Prices prices() {
        double usual = secondsPerToken();
        return new Prices(
                weight.secondsPerJoule() + usual * promises.secondsPerJoule(),
                usual * promises.secondsPerMoney(),
                usual * promises.secondsPerLowBitToken(),
                usual * promises.secondsPerMiss(tokensPerAnswer));
    }

    List<Standing> standings(String deployment) {
        Prices prices = prices();
        List<Standing> standings = new ArrayList<>();
        add(
                standings,
                deployment,
                Standing.Promise.Energy,
                promised.joulesPerToken(),
                joules / Math.max(1, tokens),
                promises.joulesOwed(),
                prices.secondsPerJoule());
        add(
                standings,
                deployment,
                Standing.Promise.Money,
                promised.moneyPerToken(),
                money / Math.max(1, tokens),
                promises.moneyOwed(),
                prices.secondsPerMoney());
        add(
                standings,
                deployment,
                Standing.Promise.Accuracy,
                promised.lowBitShare(),
                lowBitTokens / Math.max(1, tokens),
                promises.lowBitTokensOwed(),
                prices.secondsPerLowBitToken());
        add(
                standings,
                deployment,
                Standing.Promise.Deadlines,
                promised.missedShare(),
                misses / Math.max(1, answers),
                promises.missesOwed(),
                prices.secondsPerMiss());
        return standings;
    }

    private double secondsPerToken() {
        return tokens >= 1 && seconds > 0 ? seconds / tokens : GUESSED_SECONDS_PER_TOKEN;
    }

    private static void add(
            List<Standing> standings,
            String deployment,
            Standing.Promise promise,
            double budget,
            double used,
            double owed,
            double price) {
        if (budget < Double.POSITIVE_INFINITY) {
            standings.add(new Standing(deployment, promise, budget, used, owed, price));
        }
    }
}
