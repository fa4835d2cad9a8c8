package dev.littoral.scheduler.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.algorithms.routing.AgentSnapshot;
import dev.littoral.algorithms.routing.Compared;
import dev.littoral.algorithms.routing.RouteTerms;
import dev.littoral.scheduler.directory.Deployment;
import dev.littoral.scheduler.directory.DeploymentDirectory;
import dev.littoral.scheduler.fleet.RouteLog;
import dev.littoral.scheduler.fleet.SlotQueue;
import dev.littoral.scheduler.promises.PromiseBook;
import dev.littoral.scheduler.promises.Standing;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Serves {@code /v1/littoral/routes}: why requests went where they went, what waits, and how promises stand. */
@ApplicationScoped
class RouteRoutes {

    /** Before the answer that there is nothing below /v1. */
    private static final int FIRST = -1;

    private final RouteLog log;
    private final PromiseBook promises;
    private final SlotQueue queue;
    private final DeploymentDirectory directory;

    RouteRoutes(RouteLog log, PromiseBook promises, SlotQueue queue, DeploymentDirectory directory) {
        this.log = log;
        this.promises = promises;
        this.queue = queue;
        this.directory = directory;
    }

    void register(@Observes Router router) {
        router.get("/v1/littoral/routes").order(FIRST).blockingHandler(this::routes);
    }

    private void routes(RoutingContext context) {
        List<String> models = context.queryParam("model");
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("object", "littoral.routes");
        ArrayNode routes = body.putArray("routes");
        log.latest().stream()
                .filter(route -> models.isEmpty() || named(models.getFirst(), route.deployment()))
                .forEach(route -> add(routes.addObject(), route));
        ArrayNode standings = body.putArray("promises");
        promises.standings().stream()
                // what a pool owes bears on every deployment
                .filter(each -> models.isEmpty()
                        || each.promise() == Standing.Promise.PoolPower
                        || named(models.getFirst(), each.of()))
                .forEach(each -> standings
                        .addObject()
                        .put("of", each.of())
                        .put("promise", each.promise().name())
                        .put("budget", each.budget())
                        .put("used", each.used())
                        .put("owed", each.owed())
                        .put("price_seconds", each.price()));
        ArrayNode backlogs = body.putArray("backlogs");
        Map<String, Integer> waiting = queue.waitingByDeployment();
        directory.all().stream()
                .filter(each -> models.isEmpty() || named(models.getFirst(), each.key()))
                .sorted(Comparator.comparing(Deployment::key))
                .forEach(each -> add(
                        backlogs.addObject().put("of", each.key()).put("waiting", waiting.getOrDefault(each.key(), 0)),
                        queue.agents(each)));
        Replies.json(context, 200, body);
    }

    private static boolean named(String model, String key) {
        return key.equals(model) || key.endsWith("/" + model);
    }

    private static Comparator<RouteTerms> bestFirst(Compared by) {
        return switch (by) {
            case Cost, Work, RequestsPerSlot -> Comparator.comparingDouble(RouteTerms::compared);
            case Chance -> Comparator.comparingDouble(RouteTerms::compared).reversed();
            case Nothing -> Comparator.comparingDouble(RouteTerms::totalSeconds);
        };
    }

    private static void add(ObjectNode to, List<AgentSnapshot> agents) {
        ArrayNode each = to.putArray("agents");
        agents.forEach(agent -> each.addObject()
                .put("agent", agent.agent())
                .put("slots", agent.slots())
                .put("free_slots", agent.freeSlots())
                .put("running", agent.running().size())
                .put("backlog_seconds", agent.backlogSeconds())
                .put("token_seconds", agent.times().perToken(agent.running().size() + 1)));
    }

    private static void add(ObjectNode to, RouteLog.Route route) {
        to.put("at", route.at().toString())
                .put("deployment", route.deployment())
                .put("request", route.request())
                .put("agent", route.agent())
                .put("prompt_tokens", route.promptTokens())
                .put("expected_tokens", route.expectedTokens())
                .put("upper_tokens", route.upperTokens())
                .put("owed_seconds", route.owedSeconds())
                .put("compares", route.compares().name());
        ArrayNode candidates = to.putArray("candidates");
        route.candidates().stream()
                .sorted(bestFirst(route.compares()))
                .forEach(each -> candidates
                        .addObject()
                        .put("agent", each.agent())
                        .put("free", each.free())
                        .put("compared", each.compared())
                        .put("total_seconds", each.totalSeconds())
                        .put("wait_seconds", each.waitSeconds())
                        .put("service_seconds", each.serviceSeconds())
                        .put("others_seconds", each.othersSeconds())
                        .put("congestion_seconds", each.congestionSeconds())
                        .put("energy_seconds", each.energySeconds())
                        .put("money_seconds", each.moneySeconds())
                        .put("accuracy_seconds", each.lowBitSeconds())
                        .put("pool_power_seconds", each.poolSeconds())
                        .put("deadline_seconds", each.missSeconds())
                        .put("prefix_tokens", each.heldTokens()));
    }
}
