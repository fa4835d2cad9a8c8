package dev.littoral.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.littoral.scheduler.batch.BatchSettings;
import dev.littoral.scheduler.http.HttpSettings;
import dev.littoral.scheduler.kafka.KafkaSettings;
import dev.littoral.scheduler.length.LengthSettings;
import dev.littoral.scheduler.peers.PeerSettings;
import dev.littoral.scheduler.promises.PromiseBook;
import dev.littoral.scheduler.promises.PromiseSettings;
import dev.littoral.scheduler.rig.FakeDirectory;
import dev.littoral.scheduler.traffic.TrafficSettings;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every setting is held against what it may be when the service starts. */
class SettingsTest {

    private static final List<Class<?>> ALL = List.of(
            SchedulerSettings.class,
            PromiseSettings.class,
            PeerSettings.class,
            LengthSettings.class,
            HttpSettings.class,
            KafkaSettings.class,
            BatchSettings.class,
            TrafficSettings.class);

    /** Whatever these are, the service can go by it. */
    private static final Set<String> FREE = Set.of(
            "littoral.length.encoder",
            "littoral.kafka.fenced-finals",
            "littoral.batch.priority",
            "littoral.batch.folder",
            "littoral.http.port-file");

    private static final String INTERVAL = "a duration from 10ms to 1h";
    private static final String SPAN = "a duration from 1ms to 365d";
    private static final String WAIT = "a duration from 0s to 365d";
    private static final String ONE_OR_MORE = "a whole number, 1 or more";
    private static final String ZERO_OR_MORE = "a whole number, 0 or more";

    /**
     * A setting.
     *
     * @param wanted what its refusal says it must be
     * @param sound texts at its bounds
     * @param refused texts beyond them
     */
    record Bounds(String name, String wanted, List<String> sound, List<String> refused) {}

    private static final List<Bounds> BOUNDS = List.of(
            count("littoral.scheduler.max-waiting"),
            new Bounds("littoral.scheduler.rule", "shortest-first", List.of("iodcc"), List.of("best", "0")),
            new Bounds("littoral.scheduler.slot", "0 to 1s", List.of("0s", "1s"), List.of("-1ms", "1001ms")),
            new Bounds(
                    "littoral.scheduler.iodcc-damping",
                    "above 0 and not above 1",
                    List.of("0.01", "1"),
                    List.of("0", "1.01", "NaN")),
            new Bounds("littoral.scheduler.iodcc-rounds", "1 to 1000", List.of("1", "1000"), List.of("0", "1001")),
            amount("littoral.scheduler.explained-per-second"),
            amount("littoral.scheduler.sharing"),
            interval("littoral.scheduler.describe-interval"),
            span("littoral.scheduler.report-max-age"),
            new Bounds(
                    "littoral.scheduler.prior-answer-tokens",
                    "a number from 1 to 1048576",
                    List.of("1", "1048576"),
                    List.of("0", "0.9", "1048577", "NaN", "many")),
            new Bounds("littoral.promises.v", "auto, or", List.of("auto", "0", "1e6"), List.of("-1", "NaN", "much")),
            new Bounds(
                    "littoral.promises.patience-tokens",
                    "a number from 1e-9 to 1e9",
                    List.of("1e-9", "1e9"),
                    List.of("0", "-1", "NaN", "Infinity")),
            span("littoral.promises.pool-patience"),
            new Bounds(
                    "littoral.promises.full-bits",
                    "a whole number from 0 to 64",
                    List.of("0", "64"),
                    List.of("-1", "65", "few")),
            interval("littoral.promises.interval"),
            interval("littoral.peers.interval"),
            span("littoral.peers.max-age"),
            new Bounds(
                    "littoral.peers.most-requests",
                    "a whole number from 1 to 256",
                    List.of("1", "256"),
                    List.of("0", "257")),
            wait("littoral.length.deadline"),
            new Bounds(
                    "littoral.length.threads",
                    "a whole number from 1 to 256",
                    List.of("1", "256"),
                    List.of("0", "257")),
            count("littoral.length.max-waiting"),
            count("littoral.length.remembered-prompts"),
            countOrNone("littoral.length.short-answer-tokens"),
            new Bounds(
                    "littoral.length.forget-after",
                    "a duration from 1s to 365d",
                    List.of("1s", "365d"),
                    List.of("999ms", "366d", "0s")),
            count("littoral.http.max-body-bytes"),
            count("littoral.http.max-held-bytes"),
            span("littoral.http.deadline"),
            wait("littoral.http.patience"),
            span("littoral.http.reader-patience"),
            countOrNone("littoral.http.remembered-keys"),
            countOrNone("littoral.http.remembered-bytes"),
            wait("littoral.http.remembered-for"),
            new Bounds(
                    "littoral.kafka.max-in-flight",
                    "a whole number from 1 to 512",
                    List.of("1", "512"),
                    List.of("0", "513")),
            count("littoral.kafka.max-request-bytes"),
            span("littoral.kafka.deadline"),
            wait("littoral.kafka.patience"),
            count("littoral.kafka.max-held-bytes"),
            count("littoral.kafka.remembered-ids"),
            interval("littoral.kafka.resend-after"),
            wait("littoral.kafka.topic-wait"),
            count("littoral.kafka.partitions"),
            new Bounds(
                    "littoral.kafka.replicas",
                    "-1, or a whole number from 1 to 32767",
                    List.of("-1", "1", "32767"),
                    List.of("0", "-2", "32768")),
            count("littoral.kafka.max-record-bytes"),
            count("littoral.batch.max-file-bytes"),
            count("littoral.batch.max-folder-bytes"),
            count("littoral.batch.max-requests"),
            count("littoral.batch.max-running"),
            count("littoral.batch.in-flight"),
            interval("littoral.traffic.interval"),
            span("littoral.traffic.window"));

    private static Bounds count(String name) {
        return new Bounds(name, ONE_OR_MORE, List.of("1", "2147483647"), List.of("0", "-1", "1.5", "many"));
    }

    private static Bounds countOrNone(String name) {
        return new Bounds(name, ZERO_OR_MORE, List.of("0", "2147483647"), List.of("-1", "1.5", "many"));
    }

    private static Bounds amount(String name) {
        return new Bounds(
                name, "a number from 0 to 1e9", List.of("0", "0.5", "1e9"), List.of("-1", "NaN", "Infinity", "much"));
    }

    private static Bounds interval(String name) {
        return new Bounds(name, INTERVAL, List.of("10ms", "1h"), List.of("0s", "9ms", "-1s", "61m", "soon"));
    }

    private static Bounds span(String name) {
        return new Bounds(name, SPAN, List.of("1ms", "365d"), List.of("0s", "-1s", "366d", "long"));
    }

    private static Bounds wait(String name) {
        return new Bounds(name, WAIT, List.of("0s", "365d"), List.of("-1ms", "366d", "long"));
    }

    private static Stream<Bounds> bounds() {
        return BOUNDS.stream();
    }

    @ParameterizedTest
    @MethodSource("bounds")
    void whatIsOutOfItsBoundsIsRefusedByItsNameWithItsTextAndWhatItMayBe(Bounds bounds) {
        for (String text : bounds.refused()) {
            assertThat(catchThrowable(() -> start(Map.of(bounds.name(), text))))
                    .as("%s=%s", bounds.name(), text)
                    .isInstanceOf(RuntimeException.class)
                    .hasMessageContaining(bounds.name())
                    .hasMessageContaining(bounds.wanted())
                    .satisfies(refusal -> assertThat(refusal.getMessage()).containsAnyOf(text, shown(text)));
        }
    }

    @ParameterizedTest
    @MethodSource("bounds")
    void whatLiesAtItsBoundsIsTaken(Bounds bounds) {
        for (String text : bounds.sound()) {
            assertThatCode(() -> start(Map.of(bounds.name(), text)))
                    .as("%s=%s", bounds.name(), text)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void noSettingHasNoBoundsButThoseThatMayBeAnything() {
        Set<String> checked = new TreeSet<>(FREE);
        BOUNDS.forEach(each -> checked.add(each.name()));

        assertThat(checked)
                .isEqualTo(ALL.stream().flatMap(SettingsTest::names).collect(Collectors.toCollection(TreeSet::new)));
        assertThat(BOUNDS).noneMatch(each -> FREE.contains(each.name()));
    }

    @Test
    void allDefaultsAreWithinTheirBounds() {
        assertThatCode(() -> start(Map.of())).doesNotThrowAnyException();
    }

    /** As a number or a duration is written that was read. */
    private static String shown(String text) {
        return text.endsWith("s")
                ? new DurationConverter().convert(text).toString()
                : Stream.of(text)
                        .filter(each -> each.matches("[-.0-9e]+"))
                        .map(each -> Double.toString(Double.parseDouble(each)))
                        .findFirst()
                        .orElse(text);
    }

    private static Stream<String> names(Class<?> settings) {
        String prefix = settings.getAnnotation(ConfigMapping.class).prefix();
        return Arrays.stream(settings.getDeclaredMethods())
                .filter(method -> !method.isSynthetic())
                .map(method -> prefix + "."
                        + method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT));
    }

    /** Reads all settings and makes what holds some of them against their bounds itself. */
    private static void start(Map<String, String> set) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withSources(new PropertiesConfigSource(set, "test", 100));
        ALL.forEach(builder::withMapping);
        SmallRyeConfig config = builder.build();
        assertThat(SlotPolicy.of(config.getConfigMapping(SchedulerSettings.class)))
                .isNotNull();
        assertThat(new PromiseBook(new FakeDirectory(), List::of, config.getConfigMapping(PromiseSettings.class)))
                .isNotNull();
    }
}
