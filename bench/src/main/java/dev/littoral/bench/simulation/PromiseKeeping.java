package dev.littoral.bench.simulation;

import dev.littoral.algorithms.offloading.Promises;
import dev.littoral.algorithms.routing.AgentSnapshot;
import dev.littoral.algorithms.routing.DispatchRule;
import dev.littoral.algorithms.routing.HoldInOrder;
import dev.littoral.algorithms.routing.Prices;
import dev.littoral.algorithms.routing.Verdict;
import dev.littoral.algorithms.routing.WaitingRequest;
import java.util.List;

/** Reads the devices' meters before every decision, so that what was used beyond its budget makes routes dear. */
final class PromiseKeeping implements DispatchRule {

    private final Promises promises;
    private final List<SimulatedDevice> devices;
    private final DispatchRule rule;
    private double tokens;
    private double joules;
    private double money;
    private double low;

    PromiseKeeping(Promises promises, List<SimulatedDevice> devices) {
        this.promises = promises;
        this.devices = devices;
        this.rule = HoldInOrder.shortestFirst(() ->
                new Prices(promises.secondsPerJoule(), promises.secondsPerMoney(), promises.secondsPerLowBitToken()));
    }

    @Override
    public List<Verdict> decide(double nowSeconds, List<WaitingRequest> waiting, List<AgentSnapshot> agents) {
        double tokensNow = 0;
        double joulesNow = 0;
        double moneyNow = 0;
        double lowNow = 0;
        for (SimulatedDevice device : devices) {
            tokensNow += device.answerTokens;
            joulesNow += device.busySeconds * device.kind.tariff().wattsAboveIdle();
            moneyNow += device.busySeconds * device.kind.tariff().moneyPerSecond();
            lowNow += device.kind.tariff().lowBit() ? device.answerTokens : 0;
        }
        promises.used(tokensNow - tokens, joulesNow - joules, moneyNow - money, lowNow - low);
        tokens = tokensNow;
        joules = joulesNow;
        money = moneyNow;
        low = lowNow;
        return rule.decide(nowSeconds, waiting, agents);
    }
}
