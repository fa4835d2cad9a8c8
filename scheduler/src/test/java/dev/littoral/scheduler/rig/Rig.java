package dev.littoral.scheduler.rig;

import static org.awaitility.Awaitility.await;

import dev.littoral.algorithms.routing.HoldInOrder;
import dev.littoral.algorithms.routing.MeanAnswerLength;
import dev.littoral.algorithms.routing.Prices;
import dev.littoral.scheduler.agents.GrpcAgentClient;
import dev.littoral.scheduler.fleet.Fleet;
import dev.littoral.scheduler.fleet.FleetMonitor;
import dev.littoral.scheduler.fleet.SlotQueue;
import dev.littoral.scheduler.openai.OpenAiParser;
import dev.littoral.scheduler.request.AnswerLengths;
import dev.littoral.scheduler.request.Answering;
import dev.littoral.scheduler.request.Attempts;
import dev.littoral.scheduler.request.RequestPath;
import dev.littoral.scheduler.request.SteadyClock;
import dev.littoral.scheduler.request.TokenEstimates;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The whole path with real parts, short of Quarkus: only agents and directory are a test's own. */
public final class Rig implements AutoCloseable {

    public static final Clock CLOCK = Clock.systemUTC();
    public static final SteadyClock STEADY = new SteadyClock(CLOCK, System::nanoTime);
    private static final int MOST_WAITING = 4;

    public final FakeDirectory directory = new FakeDirectory();
    public final Fleet fleet = new Fleet(System::nanoTime, Duration.ofSeconds(5), 1);
    public final SlotQueue slots =
            new SlotQueue(directory, fleet, HoldInOrder.shortestFirst(() -> Prices.NONE), STEADY, MOST_WAITING);
    public final Answering answering;
    /** Those that were made here. */
    public final List<FakeAgent> agents = new ArrayList<>();

    private final GrpcAgentClient client = new GrpcAgentClient();
    private final FleetMonitor monitor;

    public Rig() {
        this(CLOCK);
    }

    /** Has deadlines named by this clock. */
    public Rig(Clock wall) {
        TokenEstimates estimates = new TokenEstimates(MeanAnswerLength.prior(50, 2, 0.98), AnswerLengths.NONE);
        Attempts attempts = new Attempts(slots, client, fleet, estimates, STEADY, id -> 42);
        answering = new RequestPath(new OpenAiParser(), directory, fleet, attempts, wall, STEADY);
        monitor = new FleetMonitor(directory, client, fleet, Duration.ofMillis(200));
        monitor.start();
    }

    /** Makes an agent that answers by a script, and deploys the model "tiny" on it. */
    public FakeAgent deploy(int slots, FakeAgent.Script script) {
        FakeAgent agent = new FakeAgent("a", slots, script);
        agents.add(agent);
        deploy(agent);
        return agent;
    }

    /** Deploys the model "tiny" on these agents and waits until all are known. */
    public void deploy(FakeAgent... agents) {
        directory.put(
                "default",
                "tiny",
                Arrays.stream(agents).map(FakeAgent::ref).toArray(dev.littoral.scheduler.directory.AgentRef[]::new));
        await().atMost(Duration.ofMinutes(1))
                .until(() -> fleet.snapshot(directory.find("tiny").orElseThrow(), Map.of())
                                .size()
                        == agents.length);
    }

    @Override
    public void close() {
        monitor.close();
        client.close();
        agents.forEach(FakeAgent::close);
    }
}
