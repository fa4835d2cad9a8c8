package dev.littoral.algorithms.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Of a prompt of 20,000 tokens, 5 ms each, one agent holds 19,900. */
class HeldPromptTest {

    private static final ServiceTimes TIMES = new ServiceTimes(0.005, 0.05, 0);
    private static final PromptPrefix PREFIX =
            new PromptPrefix.Reader().read("y".repeat(80_000)).prefix();
    private static final AgentSnapshot HOLDER = agent("holder", request -> 19_900, 2);
    private static final AgentSnapshot OTHER = agent("other", HeldPrefix.NOTHING, 2);

    @Test
    void mostInTimeStartsWhatEndsInTimeSinceItIsHeld() {
        // .5 s to read what is not held, and 5 s to write; 105 s elsewhere
        assertThat(MostInTime.standard().decide(0, List.of(request(60)), List.of(OTHER, HOLDER)))
                .singleElement()
                .isInstanceOfSatisfying(
                        Verdict.Start.class, start -> assertThat(start.agent()).isEqualTo("holder"));
        assertThat(MostInTime.standard().decide(0, List.of(request(60)), List.of(OTHER)))
                .singleElement()
                .isInstanceOfSatisfying(
                        Verdict.Refuse.class,
                        refused -> assertThat(refused.expectedSeconds()).isCloseTo(105, within(1e-6)));
    }

    @Test
    void theShortestExpectedDelayIsWhereThePromptIsHeld() {
        List<Verdict> verdicts = new SendAtOnce(AgentChoice.shortestExpectedDelay())
                .decide(0, List.of(request(1e9)), List.of(OTHER, HOLDER));

        assertThat(verdicts).singleElement().isInstanceOfSatisfying(Verdict.Queue.class, queued -> {
            assertThat(queued.agent()).isEqualTo("holder");
            assertThat(queued.expectedSeconds()).isCloseTo(5.5, within(1e-6));
        });
    }

    @Test
    void leastWorkReckonsWithoutWhatIsHeldOfThePromptsThatWait() {
        // .5 s of reading and half of 5 s of writing; where nothing is held 100 s more
        assertThat(HOLDER.queueing(List.of(request(1e9))).backlogSeconds()).isCloseTo(3, within(1e-6));
        assertThat(OTHER.queueing(List.of(request(1e9))).backlogSeconds()).isCloseTo(102.5, within(1e-6));
    }

    @Test
    void whoComesBehindAHeldPromptWaitsOnlyForItsRest() {
        AgentSnapshot crowded = agent("holder", request -> 19_900, 0).queueing(List.of(request(1e9)));

        assertThat(DelayModel.waitBehindAll(crowded)).isCloseTo(3, within(1e-6));
    }

    @Test
    void theTermsOfARuleThatSendsAtOnceLeaveOutWhatIsHeld() {
        List<RouteTerms> told = new ArrayList<>();
        RouteWatch watch = new RouteWatch() {

            @Override
            public boolean wants() {
                return true;
            }

            @Override
            public void routed(WaitingRequest request, String agent, Compared by, List<RouteTerms> candidates) {
                told.addAll(candidates);
            }
        };
        for (AgentChoice choice :
                List.of(AgentChoice.shortestExpectedDelay(), AgentChoice.leastWork(), AgentChoice.roundRobin())) {
            told.clear();
            new SendAtOnce(choice, watch).decide(0, List.of(request(1e9)), List.of(HOLDER, OTHER));

            assertThat(told.get(0).heldTokens()).isEqualTo(19_900);
            assertThat(told.get(0).serviceSeconds()).isCloseTo(5.5, within(1e-6));
            assertThat(told.get(1).heldTokens()).isZero();
            assertThat(told.get(1).serviceSeconds()).isCloseTo(105, within(1e-6));
        }
    }

    private static WaitingRequest request(double deadline) {
        return new WaitingRequest(0, 0, deadline, 20_000, LengthForecast.exactly(100), FairShare.NOBODY, PREFIX);
    }

    private static AgentSnapshot agent(String name, HeldPrefix held, int free) {
        return new AgentSnapshot(
                name, TIMES, 2, free, List.of(), List.of(), Double.POSITIVE_INFINITY, Tariff.FREE, held);
    }
}
