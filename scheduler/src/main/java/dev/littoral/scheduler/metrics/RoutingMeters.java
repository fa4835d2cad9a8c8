package dev.littoral.scheduler.metrics;

import dev.littoral.algorithms.routing.AgentSnapshot;
import dev.littoral.scheduler.directory.Deployment;
import dev.littoral.scheduler.fleet.SlotQueue;
import dev.littoral.scheduler.promises.Standing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Shows the virtual queues of promises and of keys, and the real backlogs of agents, as they were last read. */
public final class RoutingMeters {

    private final MultiGauge owed;
    private final MultiGauge used;
    private final MultiGauge price;
    private final MultiGauge backlog;
    private final MultiGauge tokenSeconds;
    private final MultiGauge freeTokens;
    private final MultiGauge fairness;
    private final MultiGauge debtors;

    /** Shows nothing yet. */
    public RoutingMeters(MeterRegistry meters) {
        owed = MultiGauge.builder("littoral.scheduler.promise.owed").register(meters);
        used = MultiGauge.builder("littoral.scheduler.promise.used").register(meters);
        price = MultiGauge.builder("littoral.scheduler.promise.price").register(meters);
        backlog = MultiGauge.builder("littoral.scheduler.agent.backlog").register(meters);
        tokenSeconds =
                MultiGauge.builder("littoral.scheduler.agent.token.seconds").register(meters);
        freeTokens = MultiGauge.builder("littoral.scheduler.agent.kv.free").register(meters);
        fairness = MultiGauge.builder("littoral.scheduler.fairness.owed").register(meters);
        debtors = MultiGauge.builder("littoral.scheduler.fairness.debtors").register(meters);
    }

    /** Takes how promises and keys stand. */
    public void standings(List<Standing> standings, Map<String, SlotQueue.Fairness> keys) {
        owed.register(rows(standings, Standing::owed), true);
        used.register(rows(standings, Standing::used), true);
        price.register(rows(standings, Standing::price), true);
        List<MultiGauge.Row<?>> most = new ArrayList<>();
        List<MultiGauge.Row<?>> count = new ArrayList<>();
        keys.forEach((deployment, each) -> {
            Tags tags = Tags.of("deployment", deployment);
            most.add(MultiGauge.Row.of(tags, each.mostOwedSeconds()));
            count.add(MultiGauge.Row.of(tags, each.debtors()));
        });
        fairness.register(most, true);
        debtors.register(count, true);
    }

    /** Takes what the agents of each deployment have to do. */
    public void backlogs(Map<Deployment, List<AgentSnapshot>> agents) {
        List<MultiGauge.Row<?>> seconds = new ArrayList<>();
        List<MultiGauge.Row<?>> times = new ArrayList<>();
        List<MultiGauge.Row<?>> room = new ArrayList<>();
        agents.forEach((deployment, each) -> each.forEach(agent -> {
            Tags tags = Tags.of("deployment", deployment.key(), "agent", agent.agent());
            seconds.add(MultiGauge.Row.of(tags, agent.backlogSeconds()));
            times.add(MultiGauge.Row.of(
                    tags, agent.times().perToken(agent.running().size() + 1)));
            if (agent.freeTokens() < Double.POSITIVE_INFINITY) {
                room.add(MultiGauge.Row.of(tags, agent.freeTokens()));
            }
        }));
        backlog.register(seconds, true);
        tokenSeconds.register(times, true);
        freeTokens.register(room, true);
    }

    private static List<MultiGauge.Row<?>> rows(List<Standing> standings, ToDoubleFunction<Standing> figure) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        standings.forEach(each -> rows.add(MultiGauge.Row.of(
                Tags.of("of", each.of(), "promise", each.promise().name()), figure.applyAsDouble(each))));
        return rows;
    }
}
