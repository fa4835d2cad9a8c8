package dev.littoral.scheduler.promises;

import dev.littoral.algorithms.routing.Prices;
import dev.littoral.algorithms.routing.Tariff;
import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.directory.Deployment;
import dev.littoral.scheduler.directory.Deployment.Promised;
import dev.littoral.scheduler.directory.DeploymentDirectory;
import dev.littoral.scheduler.directory.Pool;
import dev.littoral.scheduler.directory.PoolDirectory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keeps the virtual queues of all promises (Argus, arXiv 2512.22925): agents' meters and the clock fill and drain them, and
 * routes pay their prices. A promise that changes starts without debts.
 *
 * <p>The energy of a replica is that of all its nodes for the time in which it has at least one sequence. A deployment's
 * promise is kept per token, so each scheduler counts its own tokens and its own share of that time. A pool's is kept in
 * watts, so each scheduler counts all of the time, which all of them hear from the agents, against the whole budget.
 */
public final class PromiseBook {

    private static final double SECONDS_PER_HOUR = 3600;

    private final DeploymentDirectory directory;
    private final PoolDirectory pools;
    private final PromiseSettings settings;
    private final Map<String, DeploymentLedger> deployments = new HashMap<>();
    private final Map<String, PoolLedger> poolLedgers = new HashMap<>();
    private final Map<String, AgentMeter> meters = new HashMap<>();
    private final EnergyWeight weight;
    private final Prices unpromised;
    private volatile Map<String, Tariff> tariffs = Map.of();
    private volatile Map<String, Prices> prices = Map.of();

    /**
     * Starts without debts.
     *
     * @throws IllegalArgumentException if a setting is out of its bounds, which names it
     */
    public PromiseBook(DeploymentDirectory directory, PoolDirectory pools, PromiseSettings settings) {
        this.directory = directory;
        this.pools = pools;
        this.settings = settings;
        this.weight = EnergyWeight.of(settings.v());
        this.unpromised = new Prices(weight.secondsPerJoule(), 0, 0);
    }

    /** Gives what a deployment's promises make dear, as of the last reading. */
    public Prices prices(String deployment) {
        return prices.getOrDefault(deployment, unpromised);
    }

    /** Gives what the time of an agent costs, as of the last reading. */
    public Tariff tariff(String pod) {
        return tariffs.getOrDefault(pod, Tariff.FREE);
    }

    /** Notes how a request ended; {@code answerTokens} is 0 when it was not answered. */
    public void ended(String deployment, boolean missedDeadline, int answerTokens) {
        synchronized (this) {
            DeploymentLedger ledger = deployments.get(deployment);
            if (ledger != null) {
                ledger.ended(missedDeadline, answerTokens);
            }
        }
    }

    /** Takes the agents' meters as they stand now, and works out all prices anew. */
    public synchronized void read(double nowSeconds, List<AgentMeter> agents) {
        List<Pool> known = pools.pools();
        List<Deployment> served = directory.all();
        open(served, known);
        Map<String, AgentMeter> fresh = new HashMap<>();
        for (AgentMeter meter : agents) {
            AgentMeter before = meters.put(meter.pod(), meter);
            fresh.put(meter.pod(), meter.since(before == null ? AgentMeter.ZERO : before));
        }
        meters.keySet().retainAll(fresh.keySet());
        Map<String, Double> joules = new HashMap<>();
        Map<String, Tariff> tariffsNow = new HashMap<>();
        for (Deployment deployment : served) {
            for (AgentRef head : deployment.heads()) {
                Tariff plain = tariff(deployment, head.pod(), known, joules, fresh);
                tariffsNow.put(head.pod(), plain);
                AgentMeter meter = fresh.get(head.pod());
                DeploymentLedger ledger = deployments.get(deployment.key());
                if (meter != null && ledger != null) {
                    ledger.used(meter, plain);
                }
            }
        }
        poolLedgers.forEach((pool, ledger) -> ledger.used(nowSeconds, joules.getOrDefault(pool, 0.0)));
        for (Deployment deployment : served) {
            deployment
                    .heads()
                    .forEach(head -> tariffsNow.computeIfPresent(
                            head.pod(), (pod, plain) -> surcharged(plain, deployment, pod, known)));
        }
        tariffs = Map.copyOf(tariffsNow);
        prices = deployments.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, each -> each.getValue().prices()));
    }

    /** Gives how all promises stand, those of deployments first. */
    public synchronized List<Standing> standings() {
        List<Standing> standings = new ArrayList<>();
        deployments.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> standings.addAll(each.getValue().standings(each.getKey())));
        poolLedgers.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> standings.add(each.getValue().standing(each.getKey(), poolPatience())));
        return standings;
    }

    private void open(List<Deployment> served, List<Pool> known) {
        Set<String> promising = served.stream()
                .filter(each -> !each.promised().equals(Promised.NOTHING))
                .map(Deployment::key)
                .collect(Collectors.toSet());
        deployments.keySet().retainAll(promising);
        for (Deployment each : served) {
            if (promising.contains(each.key())) {
                deployments.compute(
                        each.key(),
                        (key, before) -> before != null && before.promised.equals(each.promised())
                                ? before
                                : new DeploymentLedger(each.promised(), weight, settings.patienceTokens()));
            }
        }
        Map<String, Double> budgets = known.stream()
                .filter(pool -> pool.budgetWatts() < Double.POSITIVE_INFINITY)
                .collect(Collectors.toMap(Pool::key, Pool::budgetWatts));
        poolLedgers.keySet().retainAll(budgets.keySet());
        budgets.forEach((pool, watts) -> poolLedgers.compute(
                pool, (key, before) -> before != null && before.budgetWatts == watts ? before : new PoolLedger(watts)));
    }

    /** Returns what a replica's time costs, and adds what it drew to its pools' joules. */
    private Tariff tariff(
            Deployment deployment,
            String pod,
            List<Pool> known,
            Map<String, Double> joules,
            Map<String, AgentMeter> fresh) {
        Deployment.Place place = deployment.places().get(pod);
        if (place == null) {
            return Tariff.FREE;
        }
        double watts = 0;
        double money = 0;
        AgentMeter meter = fresh.getOrDefault(pod, AgentMeter.ZERO);
        for (String node : place.nodes()) {
            for (Pool pool : known) {
                Double drawn = pool.watts().get(node);
                if (drawn != null && pool.namespace().equals(deployment.namespace())) {
                    watts += drawn;
                    money += pool.moneyPerHour() / SECONDS_PER_HOUR;
                    // a node of several pools is paid for once
                    break;
                }
            }
            poolsOf(node, deployment, known)
                    .forEach(pool -> joules.merge(
                            pool.key(), pool.watts().getOrDefault(node, 0.0) * meter.busySeconds(), Double::sum));
        }
        return new Tariff(watts, money, place.fewestBits() > 0 && place.fewestBits() < settings.fullBits());
    }

    private Tariff surcharged(Tariff plain, Deployment deployment, String pod, List<Pool> known) {
        Deployment.Place place = deployment.places().get(pod);
        if (place == null || poolLedgers.isEmpty()) {
            return plain;
        }
        double surcharge = 0;
        for (String node : place.nodes()) {
            for (Pool pool : poolsOf(node, deployment, known)) {
                PoolLedger ledger = poolLedgers.get(pool.key());
                double drawn = pool.watts().getOrDefault(node, 0.0);
                double mean = pool.watts().values().stream()
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElse(0);
                surcharge += ledger == null || mean == 0 ? 0 : ledger.price(poolPatience()) * drawn / mean;
            }
        }
        return new Tariff(plain.wattsAboveIdle(), plain.moneyPerSecond(), plain.lowBit(), surcharge);
    }

    /** Returns all pools that a node is in: each has promised what its nodes draw, be they in others, too. */
    private static List<Pool> poolsOf(String node, Deployment deployment, List<Pool> known) {
        return known.stream()
                .filter(pool ->
                        pool.watts().containsKey(node) && pool.namespace().equals(deployment.namespace()))
                .toList();
    }

    private double poolPatience() {
        return settings.poolPatience().toMillis() / 1e3;
    }
}
