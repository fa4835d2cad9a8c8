package dev.littoral.scheduler.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.algorithms.routing.HoldInOrder;
import dev.littoral.algorithms.routing.Prices;
import dev.littoral.algorithms.routing.Work;
import dev.littoral.scheduler.directory.Deployment;
import dev.littoral.scheduler.directory.Deployment.Place;
import dev.littoral.scheduler.directory.Deployment.Promised;
import dev.littoral.scheduler.directory.Pool;
import dev.littoral.scheduler.fleet.RouteLog;
import dev.littoral.scheduler.fleet.SlotQueue;
import dev.littoral.scheduler.fleet.Slots;
import dev.littoral.scheduler.promises.AgentMeter;
import dev.littoral.scheduler.promises.PromiseBook;
import dev.littoral.scheduler.request.Cancellation;
import dev.littoral.scheduler.rig.FakeAgent;
import dev.littoral.scheduler.rig.Rig;
import dev.littoral.scheduler.rig.UsualPromises;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RouteRoutesTest {

    private static final double NONE = Double.POSITIVE_INFINITY;

    private final Vertx vertx = Vertx.vertx();
    private final Rig rig = new Rig();
    private final HttpClient client = HttpClient.newHttpClient();
    private final FakeAgent agent = new FakeAgent("a", 2, FakeAgent.saying("x"));
    private final RouteLog log = new RouteLog(4, 1e9, System::nanoTime);
    private final PromiseBook book = new PromiseBook(
            rig.directory,
            () -> List.of(new Pool("default", "edge", NONE, 0, Map.of("jetson", 20.0))),
            new UsualPromises());
    private final SlotQueue queue = new SlotQueue(
            rig.directory,
            rig.fleet,
            (deployment, watch) -> HoldInOrder.shortestFirst(() -> Prices.NONE).watchedBy(watch),
            log,
            Clock.systemUTC(),
            4);
    private int port;

    @BeforeEach
    void listen() {
        Router router = Router.router(vertx);
        router.route("/v1/*").handler(context -> context.fail(404));
        new RouteRoutes(log, book, queue, rig.directory).register(router);
        port = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
        rig.deploy(agent);
        rig.directory.put(new Deployment(
                "default",
                "tiny",
                Instant.EPOCH,
                List.of(agent.ref()),
                new Promised(1, NONE, NONE, NONE),
                Map.of("a", new Place(List.of("jetson"), 8))));
    }

    @AfterEach
    void close() {
        client.close();
        rig.close();
        agent.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aRouteTellsWhatEachAgentWouldHaveCostAndHowPromisesStand() throws Exception {
        Instant later = Instant.now().plusSeconds(3600);
        Slots.Grant grant = queue.acquire(new Slots.Wish(
                "default/tiny",
                new Work(10, 200),
                0,
                later,
                later,
                false,
                new Cancellation(),
                new Slots.Sender("chatcmpl-1", "alice")));
        JsonNode busy = get("/v1/littoral/routes").path("backlogs").path(0);
        ((Slots.Grant.Slot) grant).lease().close();
        book.read(0, List.of());
        book.read(1, List.of(new AgentMeter("a", 100, 100, 100, 1000)));

        JsonNode told = get("/v1/littoral/routes?model=tiny");

        JsonNode route = told.path("routes").path(0);
        assertThat(route.path("request").asText()).isEqualTo("chatcmpl-1");
        assertThat(route.path("agent").asText()).isEqualTo("a");
        assertThat(route.path("expected_tokens").asDouble()).isEqualTo(200);
        assertThat(route.path("compares").asText()).isEqualTo("Cost");
        JsonNode candidate = route.path("candidates").path(0);
        assertThat(candidate.path("agent").asText()).isEqualTo("a");
        assertThat(candidate.path("total_seconds").asDouble())
                .isEqualTo(candidate.path("service_seconds").asDouble());
        assertThat(candidate.path("compared").asDouble())
                .isEqualTo(candidate.path("total_seconds").asDouble());
        assertThat(candidate.path("free").asBoolean()).isTrue();
        JsonNode promise = told.path("promises").path(0);
        assertThat(promise.path("promise").asText()).isEqualTo("Energy");
        // 100 s at 20 W for 1,000 tokens of 1 J
        assertThat(promise.path("owed").asDouble()).isEqualTo(1000);
        assertThat(promise.path("price_seconds").asDouble()).isPositive();
        assertThat(get("/v1/littoral/routes?model=other").path("routes")).isEmpty();
        assertThat(busy.path("of").asText()).isEqualTo("default/tiny");
        assertThat(busy.path("waiting").asInt(-1)).isZero();
        assertThat(busy.path("agents").path(0).path("running").asInt()).isEqualTo(1);
        assertThat(busy.path("agents").path(0).path("backlog_seconds").asDouble())
                .isPositive();
        assertThat(told.path("backlogs")
                        .path(0)
                        .path("agents")
                        .path(0)
                        .path("free_slots")
                        .asInt())
                .isEqualTo(2);
    }

    private JsonNode get(String path) throws Exception {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return new ObjectMapper().readTree(response.body());
    }
}
