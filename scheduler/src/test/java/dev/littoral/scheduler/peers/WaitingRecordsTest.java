package dev.littoral.scheduler.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.littoral.algorithms.routing.AgentSnapshot;
import dev.littoral.algorithms.routing.DispatchRule;
import dev.littoral.algorithms.routing.FairShare;
import dev.littoral.algorithms.routing.HoldInOrder;
import dev.littoral.algorithms.routing.LengthForecast;
import dev.littoral.algorithms.routing.MostInTime;
import dev.littoral.algorithms.routing.Prices;
import dev.littoral.algorithms.routing.PromptPrefix;
import dev.littoral.algorithms.routing.ServiceTimes;
import dev.littoral.algorithms.routing.Tariff;
import dev.littoral.algorithms.routing.Verdict;
import dev.littoral.algorithms.routing.WaitingRequest;
import dev.littoral.protocol.events.TelemetryReader;
import dev.littoral.protocol.events.WaitingTelemetry;
import dev.littoral.protocol.events.WaitingTelemetry.Waiting;
import dev.littoral.protocol.events.WaitingTelemetry.Waits;
import dev.littoral.scheduler.fleet.HeldRequest;
import dev.littoral.scheduler.kafka.Contract;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitingRecordsTest {

    private static final double NEVER = Double.POSITIVE_INFINITY;

    @Test
    void timesAreToldAsAgesSoThatNoTwoClocksAreCompared() {
        HeldRequest sent = Held.request(7, -2, 1000, 1060, 50);
        WaitingTelemetry record = WaitingRecords.told("s", 1012.5, Map.of(Held.TINY, List.of(sent)), 8);

        // the reader's clock shows something else altogether
        HeldRequest heard = WaitingRecords.heard(waits(record), 5).getFirst();

        assertThat(heard.digest()).isEqualTo(7);
        assertThat(heard.priority()).isEqualTo(-2);
        assertThat(heard.request().arrivalSeconds()).isCloseTo(5 - 12.5, within(1e-9));
        assertThat(heard.request().deadlineSeconds()).isCloseTo(5 + 47.5, within(1e-9));
        assertThat(heard.request().id()).isNegative();
    }

    @Test
    void lengthsSendersAndDebtsAreToldInWholeNumbers() {
        WaitingRequest request = new WaitingRequest(
                3, 0, NEVER, 1234.4, new LengthForecast(99.6, 0.3, 0.4), new FairShare(77, 2.5), PromptPrefix.NONE);
        WaitingTelemetry record =
                WaitingRecords.told("s", 1, Map.of(Held.TINY, List.of(new HeldRequest(9, 0, request))), 8);

        assertThat(waits(record).requests()).containsExactly(new Waiting(1000, -1, 0, 1235, 100, 1, 1, 77, 2500, 9));
        WaitingRequest heard = WaitingRecords.heard(waits(record), 1).getFirst().request();
        assertThat(heard.deadlineSeconds()).isInfinite();
        assertThat(heard.share()).isEqualTo(new FairShare(77, 2.5));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void ofTwoSchedulersThatTellEachOtherOneAlwaysTakesAFreeSlot(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<AgentSnapshot> agents = List.of(new AgentSnapshot(
                "a",
                new ServiceTimes(1e-3, 0.02, 0),
                1,
                1,
                List.of(),
                List.of(),
                Double.POSITIVE_INFINITY,
                Tariff.FREE));
        for (int n = 0; n < 200; n++) {
            // alike but for what rounding hides
            HeldRequest one = alike(random, 1);
            HeldRequest other = alike(random, 2);
            List<DispatchRule> rules = List.of(
                    HoldInOrder.shortestFirst(() -> Prices.NONE),
                    HoldInOrder.earliestDeadlineFirst(),
                    MostInTime.standard());
            for (DispatchRule rule : rules) {
                List<Verdict> here = rule.decide(101, List.of(one.request()), told(other), agents);
                List<Verdict> there = rule.decide(101, List.of(other.request()), told(one), agents);

                assertThat(List.of(here.getFirst(), there.getFirst())).anyMatch(each -> each instanceof Verdict.Start);
            }
        }
    }

    private static HeldRequest alike(SplittableRandom random, long digest) {
        double mean = 20 + random.nextDouble();
        double median = 15 + random.nextDouble();
        return new HeldRequest(
                digest,
                0,
                new WaitingRequest(
                        digest,
                        100 + random.nextDouble(1e-3),
                        200 + random.nextDouble(1e-3),
                        30 + random.nextDouble(),
                        new LengthForecast(mean, median, 40 + random.nextDouble())));
    }

    /** As another scheduler hears of it at once. */
    private static List<WaitingRequest> told(HeldRequest held) {
        WaitingTelemetry record = WaitingRecords.told("s", 101, Map.of(Held.TINY, List.of(held)), 8);
        return WaitingRecords.heard(waits(record), 101).stream()
                .map(HeldRequest::request)
                .toList();
    }

    @Test
    void whatGoesFirstByAnyRuleIsListedBeforeTheRest() {
        List<HeldRequest> waiting = new ArrayList<>();
        for (int n = 0; n < 100; n++) {
            waiting.add(Held.request(n + 1, 500 + n, 5000, 300));
        }
        waiting.add(Held.request(200, 900, 5000, 1));
        waiting.add(Held.request(201, 900, 1001, 900));
        waiting.add(Held.request(202, 1, 5000, 900));
        waiting.add(Held.request(203, 5, 900, 5000, 900));

        Waits listed = waits(WaitingRecords.told("s", 1000, Map.of(Held.TINY, waiting), 4));

        assertThat(listed.requests())
                .extracting(Waiting::digest)
                .startsWith(203L)
                .contains(200L, 201L, 202L);
        assertThat(listed.requests()).hasSize(4);
        assertThat(listed.more()).isEqualTo(100);
    }

    @Test
    void deploymentsShareTheRoomOfARecord() {
        List<HeldRequest> many = IntStream.range(0, 500)
                .mapToObj(n -> Held.request(n + 1, n, NEVER, 10 + n))
                .toList();
        Map<String, List<HeldRequest>> waiting =
                Map.of(Held.TINY, many, "default/few", many.subList(0, 3), "default/none", List.of());

        WaitingTelemetry record = WaitingRecords.told("s", 1000, waiting, 100_000);

        assertThat(record.waiting()).containsOnlyKeys(Held.TINY, "default/few");
        assertThat(waits(record).requests()).hasSize(WaitingTelemetry.MAX_REQUESTS - 3);
        assertThat(waits(record).more()).isEqualTo(500 - WaitingTelemetry.MAX_REQUESTS + 3);
        assertThat(TelemetryReader.readWaiting(TelemetryReader.write(record))).contains(record);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void whateverWaitsItsRecordIsOfTheContractAndReadBack(int seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        List<HeldRequest> waiting = IntStream.range(0, 300)
                .mapToObj(n -> {
                    double median = Math.exp(random.nextDouble(-3, 25));
                    return new HeldRequest(
                            1 + random.nextLong(WaitingTelemetry.MAX_DIGEST),
                            random.nextInt(-3, 3),
                            new WaitingRequest(
                                    n,
                                    random.nextDouble(-1e12, 1e12),
                                    random.nextBoolean() ? NEVER : random.nextDouble(-1e12, 1e12),
                                    random.nextDouble(0, 1e9),
                                    new LengthForecast(Math.exp(random.nextDouble(-3, 25)), median, median * 3),
                                    new FairShare(random.nextLong(WaitingTelemetry.MAX_DIGEST), random.nextDouble(1e9)),
                                    PromptPrefix.NONE));
                })
                .toList();

        byte[] json = TelemetryReader.write(WaitingRecords.told("s", 0, Map.of(Held.TINY, waiting), 256));

        assertThat(Contract.faults("waiting-telemetry", json)).isEmpty();
        assertThat(WaitingRecords.heard(waits(TelemetryReader.readWaiting(json).orElseThrow()), 0))
                .hasSize(256);
    }

    private static Waits waits(WaitingTelemetry record) {
        return java.util.Objects.requireNonNull(record.waiting().get(Held.TINY));
    }
}
