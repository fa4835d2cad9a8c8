package dev.littoral.agent.fetch;

import dev.littoral.agent.settings.AgentConfig;
import dev.littoral.agent.stage.CheckpointSupply;
import dev.littoral.agent.stage.LoadState;
import dev.littoral.sources.Credentials;
import dev.littoral.sources.Fetcher;
import dev.littoral.sources.ModelUri;
import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import dev.littoral.sources.SourceSettings;
import dev.littoral.sources.Transfer;
import dev.littoral.sources.TransferListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Downloads the checkpoint, or finds it on the node. What may pass by itself, such as a server that is away or a full disk,
 * is tried again and again, since a box at a thin uplink has nobody to start it anew.
 *
 * @param uri as the operator gives it
 * @param environment of the process, with endpoints and credentials
 * @param limits of every transfer
 * @param longestPause between two attempts
 */
public record FetchedCheckpoint(
        String uri,
        Optional<String> sha256,
        Path cache,
        Map<String, String> environment,
        SourceSettings.Limits limits,
        Duration longestPause)
        implements CheckpointSupply {

    private static final Logger LOG = Logger.getLogger(FetchedCheckpoint.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final long LOG_EVERY_NANOS = 10_000_000_000L;
    private static final List<String> KEYS =
            List.of("HF_TOKEN", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN");

    /** Variables of the environment by the keys that they have in a secret. */
    private static final Map<String, String> NAMED = Map.of(
            "LITTORAL_SOURCE_USERNAME", "username",
            "LITTORAL_SOURCE_PASSWORD", "password",
            "LITTORAL_SOURCE_TOKEN", "token",
            "LITTORAL_SOURCE_DOCKERCONFIGJSON", ".dockerconfigjson",
            "LITTORAL_SOURCE_S3_ENDPOINT", "AWS_ENDPOINT_URL",
            "LITTORAL_SOURCE_S3_REGION", "AWS_REGION");

    public FetchedCheckpoint {
        environment = Map.copyOf(environment);
    }

    /** Gives none where the settings name no source. */
    public static Optional<CheckpointSupply> of(AgentConfig.Source config, Map<String, String> environment) {
        return config.uri()
                .filter(uri -> !uri.isBlank())
                .map(uri -> new FetchedCheckpoint(
                        uri.strip(),
                        config.sha256(),
                        Path.of(config.cache()),
                        environment,
                        SourceSettings.Limits.DEFAULT,
                        LONGEST_PAUSE));
    }

    @Override
    public Path bring(Consumer<LoadState> progress) {
        Fetcher.Wanted wanted = new Fetcher.Wanted(ModelUri.parse(uri), sha256, credentials());
        Duration pause = FIRST_PAUSE.compareTo(longestPause) < 0 ? FIRST_PAUSE : longestPause;
        try (Fetcher fetcher = new Fetcher(SourceSettings.of(environment).with(limits))) {
            while (true) {
                try {
                    Path folder = fetcher.fetch(wanted, cache, listener(progress));
                    LOG.infof("%s is at %s", uri, folder);
                    return folder;
                } catch (SourceException e) {
                    if (!e.passing()) {
                        throw e;
                    }
                    LOG.warnf("%s: %s; tried again in %d s", e.reason(), e.getMessage(), pause.toSeconds());
                    progress.accept(
                            new LoadState.Loading(0, 0, e.reason() + ": " + e.getMessage() + "; is tried again"));
                }
                sleep(pause);
                pause = pause.multipliedBy(2).compareTo(longestPause) < 0 ? pause.multipliedBy(2) : longestPause;
            }
        }
    }

    private void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SourceException(Reason.SourceUnreachable, uri + ": the download was interrupted", e);
        }
    }

    private Credentials credentials() {
        Map<String, String> values = new HashMap<>();
        KEYS.forEach(key -> Optional.ofNullable(environment.get(key)).ifPresent(value -> values.put(key, value)));
        NAMED.forEach((variable, key) ->
                Optional.ofNullable(environment.get(variable)).ifPresent(value -> values.put(key, value)));
        return new Credentials(values);
    }

    /** Tells every step, and logs one in ten seconds. */
    private static TransferListener listener(Consumer<LoadState> progress) {
        long[] logged = {System.nanoTime() - LOG_EVERY_NANOS};
        return transfer -> {
            progress.accept(new LoadState.Loading(transfer.doneBytes(), transfer.totalBytes(), transfer.words()));
            if (due(logged, transfer)) {
                LOG.info(transfer.words());
            }
        };
    }

    private static boolean due(long[] logged, Transfer transfer) {
        synchronized (logged) {
            boolean whole = transfer.totalBytes() > 0 && transfer.doneBytes() == transfer.totalBytes();
            boolean due = whole || transfer.totalBytes() == 0 || System.nanoTime() - logged[0] >= LOG_EVERY_NANOS;
            if (due) {
                logged[0] = System.nanoTime();
            }
            return due;
        }
    }
}
