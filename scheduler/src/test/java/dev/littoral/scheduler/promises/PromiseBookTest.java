package dev.littoral.scheduler.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.littoral.algorithms.routing.Prices;
import dev.littoral.algorithms.routing.Tariff;
import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.directory.Deployment;
import dev.littoral.scheduler.directory.Deployment.Place;
import dev.littoral.scheduler.directory.Deployment.Promised;
import dev.littoral.scheduler.directory.Pool;
import dev.littoral.scheduler.promises.Standing.Promise;
import dev.littoral.scheduler.rig.FakeDirectory;
import dev.littoral.scheduler.rig.UsualPromises;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PromiseBookTest {

    private static final double NONE = Double.POSITIVE_INFINITY;
    private static final String TINY = "default/tiny";

    private final FakeDirectory directory = new FakeDirectory();
    private List<Pool> pools = List.of(
            new Pool("default", "jetsons", NONE, 3.6, Map.of("jetson", 20.0)),
            new Pool("default", "servers", NONE, 36, Map.of("server", 400.0, "other", 200.0)));
    private final PromiseBook book = new PromiseBook(directory, () -> pools, new UsualPromises());

    @Test
    void withoutPromisesNothingHasAPrice() {
        deploy(Promised.NOTHING);

        book.read(0, List.of(worked("s", 100, 10_000)));

        assertThat(book.prices(TINY)).isEqualTo(Prices.NONE);
        assertThat(book.standings()).isEmpty();
        assertThat(book.prices("default/unknown")).isEqualTo(Prices.NONE);
    }

    @Test
    void vThatIsSetHasAPriceWhereNothingIsPromised() {
        PromiseBook weighing = new PromiseBook(directory, () -> pools, new UsualPromises("0.25"));
        deploy(Promised.NOTHING);

        weighing.read(0, List.of(worked("s", 100, 10_000)));

        assertThat(weighing.prices(TINY)).isEqualTo(new Prices(0.25, 0, 0));
        assertThat(weighing.standings()).isEmpty();
    }

    @Test
    void anAgentCostsWhatItsNodesAndItsBitsDo() {
        deploy(Promised.NOTHING);

        book.read(0, List.of());

        // 3.60 and 36 of money per hour
        assertThat(book.tariff("j")).isEqualTo(new Tariff(20, 0.001, true));
        assertThat(book.tariff("s")).isEqualTo(new Tariff(400, 0.01, false));
        assertThat(book.tariff("both")).isEqualTo(new Tariff(420, 0.011, false));
        assertThat(book.tariff("unknown")).isEqualTo(Tariff.FREE);
    }

    @Test
    void energyBeyondItsBudgetMakesAJouleDearUntilItIsMadeUpFor() {
        deploy(new Promised(2, NONE, NONE, NONE));
        book.read(0, List.of(worked("s", 0, 0)));

        // 10 s at 400 W for 1,000 tokens that may take 2,000 J; 10 ms of answer time per token
        book.read(10, List.of(worked("s", 10, 1000)));

        Standing energy = book.standings().getFirst();
        assertThat(energy.promise()).isEqualTo(Promise.Energy);
        assertThat(energy.owed()).isCloseTo(2000, within(1e-6));
        assertThat(energy.used()).isCloseTo(4, within(1e-6));
        // a debt of 1,000 tokens' budgets: 2 J cost 10 ms
        assertThat(book.prices(TINY).secondsPerJoule()).isCloseTo(0.005, within(1e-9));

        // 10,000 tokens on the frugal one: 20 s at 20 W, 19,600 J to spare
        book.read(30, List.of(worked("s", 10, 1000), worked("j", 20, 10_000)));
        assertThat(book.prices(TINY)).isEqualTo(Prices.NONE);
    }

    @Test
    void moneyAndAccuracyAreKeptAlike() {
        deploy(new Promised(NONE, 1e-5, 0.5, NONE));
        book.read(0, List.of(worked("j", 0, 0), worked("s", 0, 0)));

        // 100 s at .001 for 1,000 tokens that may cost .01; all of them from 4 bits where half may be
        book.read(100, List.of(worked("j", 100, 1000), worked("s", 0, 0)));

        assertThat(book.standings()).extracting(Standing::promise).containsExactly(Promise.Money, Promise.Accuracy);
        assertThat(book.standings().get(0).owed()).isCloseTo(0.09, within(1e-9));
        assertThat(book.standings().get(1).owed()).isCloseTo(500, within(1e-9));
        assertThat(book.prices(TINY).secondsPerMoney()).isPositive();
        // 500 / (1,000 x .5) x .1 s / .5
        assertThat(book.prices(TINY).secondsPerLowBitToken()).isCloseTo(0.2, within(1e-9));
        assertThat(book.prices(TINY).secondsPerJoule()).isZero();
    }

    @Test
    void deadlinesMissedBeyondTheirShareMakeAMissDear() {
        deploy(new Promised(NONE, NONE, NONE, 0.1));
        book.read(0, List.of());
        for (int n = 0; n < 20; n++) {
            book.ended(TINY, n % 2 == 0, 100);
        }

        book.read(1, List.of());

        // the first of each two is missed: 10, of which the budget pays 2 but for the fraction that nobody was owed
        assertThat(book.standings().getFirst().owed()).isCloseTo(8, within(0.2));
        assertThat(book.standings().getFirst().used()).isCloseTo(0.5, within(0.02));
        assertThat(book.prices(TINY).secondsPerMiss()).isPositive();
    }

    @Test
    void aPoolBeyondItsWattsSurchargesItsAgentsByWhatTheyDraw() {
        pools = List.of(
                new Pool("default", "jetsons", NONE, 0, Map.of("jetson", 20.0)),
                new Pool("default", "servers", 100, 0, Map.of("server", 400.0, "other", 200.0)));
        deploy(Promised.NOTHING);
        book.read(0, List.of(worked("s", 0, 0)));

        // 60 s at 400 W where 100 W may be drawn
        book.read(60, List.of(worked("s", 60, 6000)));

        assertThat(book.standings().getFirst().owed()).isCloseTo(18_000, within(1e-6));
        // three budgets of a minute, at 400 W where 300 are usual
        assertThat(book.tariff("s").surcharge()).isCloseTo(4, within(1e-9));
        assertThat(book.tariff("j").surcharge()).isZero();

        book.read(60 + 180, List.of(worked("s", 60, 6000)));
        assertThat(book.tariff("s").surcharge()).isZero();
    }

    @Test
    void allSchedulersCountThePoolsWattsAndEachItsOwnShareOfADeploymentsEnergy() {
        pools = List.of(new Pool("default", "servers", 100, 0, Map.of("server", 400.0)));
        deploy(new Promised(2, NONE, NONE, NONE));
        book.read(0, List.of(shared("s", 0, 0, 0)));

        // busy for 10 s, of which 3 s are this scheduler's, for 100 tokens
        book.read(10, List.of(shared("s", 10, 3, 100)));

        // 3 s x 400 W - 100 x 2 J; 10 s x (400 W - 100 W), as any other scheduler has it
        assertThat(book.standings())
                .extracting(Standing::promise, Standing::owed)
                .containsExactly(tuple(Promise.Energy, 1000.0), tuple(Promise.PoolPower, 3000.0));
    }

    @Test
    void aNodeOfTwoPoolsCountsAgainstTheBudgetOfEachAndIsPaidForOnce() {
        pools = List.of(
                new Pool("default", "all", NONE, 36, Map.of("server", 400.0)),
                new Pool("default", "rack", 100, 72, Map.of("server", 400.0)),
                new Pool("default", "room", 300, 72, Map.of("server", 400.0)));
        deploy(Promised.NOTHING);
        book.read(0, List.of(worked("s", 0, 0)));

        book.read(60, List.of(worked("s", 60, 6000)));

        assertThat(book.standings())
                .extracting(Standing::of, Standing::owed)
                .containsExactly(tuple("default/rack", 18_000.0), tuple("default/room", 6_000.0));
        // 3 budgets of a minute, and a third of one
        assertThat(book.tariff("s").surcharge()).isCloseTo(3 + 1 / 3.0, within(1e-9));
        assertThat(book.tariff("s").wattsAboveIdle()).isEqualTo(400);
        assertThat(book.tariff("s").moneyPerSecond()).isCloseTo(0.01, within(1e-12));
    }

    @Test
    void anAgentThatBeganAnewIsReadFromItsBeginning() {
        deploy(new Promised(1e-3, NONE, NONE, NONE));
        book.read(0, List.of(worked("s", 100, 1000)));
        double before = book.standings().getFirst().owed();

        book.read(1, List.of(worked("s", 1, 10)));

        assertThat(book.standings().getFirst().owed()).isCloseTo(before + 400 - 0.01, within(1e-6));
    }

    @Test
    void aPromiseThatChangesStartsWithoutDebts() {
        deploy(new Promised(1, NONE, NONE, NONE));
        book.read(0, List.of(worked("s", 100, 1000)));
        assertThat(book.prices(TINY).secondsPerJoule()).isPositive();

        deploy(new Promised(2, NONE, NONE, NONE));
        book.read(1, List.of(worked("s", 100, 1000)));

        assertThat(book.prices(TINY).secondsPerJoule()).isZero();
        assertThat(book.standings().getFirst().budget()).isEqualTo(2);
    }

    private void deploy(Promised promised) {
        directory.put(new Deployment(
                "default",
                "tiny",
                Instant.EPOCH,
                List.of(
                        new AgentRef("j", "127.0.0.1:1"),
                        new AgentRef("s", "127.0.0.1:2"),
                        new AgentRef("both", "127.0.0.1:3")),
                promised,
                Map.of(
                        "j", new Place(List.of("jetson"), 4),
                        "s", new Place(List.of("server"), 8),
                        "both", new Place(List.of("server", "jetson"), 32))));
    }

    private static AgentMeter shared(String pod, double busySeconds, double workSeconds, double tokens) {
        return new AgentMeter(pod, busySeconds, workSeconds, workSeconds, tokens);
    }

    private static AgentMeter worked(String pod, double seconds, double tokens) {
        return new AgentMeter(pod, seconds, seconds, seconds, tokens);
    }
}
