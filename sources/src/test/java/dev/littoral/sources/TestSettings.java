package dev.littoral.sources;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings with which a test need not wait: small parts, short pauses. */
final class TestSettings {

    static final SourceSettings.Limits LIMITS = new SourceSettings.Limits(
            Duration.ofSeconds(20),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            3,
            20_000,
            4,
            Duration.ofMillis(1),
            Duration.ofMillis(5));

    private TestSettings() {}

    static SourceSettings of(FakeServer server) {
        return of(server, false);
    }

    static SourceSettings of(FakeServer server, boolean offline) {
        return of(server.port(), offline);
    }

    static SourceSettings of(int port) {
        return of(port, false);
    }

    private static SourceSettings of(int port, boolean offline) {
        return new SourceSettings(
                URI.create("http://127.0.0.1:" + port),
                offline,
                Optional.of(URI.create("http://127.0.0.1:" + port)),
                "eu-west-1",
                List.of(),
                LIMITS);
    }

    static SourceSettings stallingAfter(FakeServer server, Duration stall) {
        return with(server, stall, LIMITS.parallel());
    }

    static SourceSettings onePartAtATime(FakeServer server) {
        return with(server, LIMITS.stall(), 1);
    }

    private static SourceSettings with(FakeServer server, Duration stall, int parallel) {
        SourceSettings settings = of(server);
        return new SourceSettings(
                settings.hubEndpoint(),
                false,
                settings.s3Endpoint(),
                settings.s3Region(),
                List.of(),
                new SourceSettings.Limits(
                        LIMITS.connect(),
                        LIMITS.answer(),
                        stall,
                        parallel,
                        LIMITS.partBytes(),
                        LIMITS.attempts(),
                        LIMITS.firstPause(),
                        LIMITS.longestPause()));
    }
}
