package dev.littoral.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.littoral.agent.fetch.FetchedCheckpoint;
import dev.littoral.agent.stage.LoadState;
import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceSettings.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent whose checkpoint lies on a web server that is sometimes away. */
class FetchIT {

    private static final Path MODEL = Path.of("../models/target");

    private static final Limits LIMITS = new Limits(
            Duration.ofSeconds(20),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            2,
            1 << 20,
            3,
            Duration.ofMillis(1),
            Duration.ofMillis(5));

    private final AtomicInteger refusals = new AtomicInteger();
    private HttpServer server;

    @TempDir
    private Path cache;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            Path file = MODEL.resolve(exchange.getRequestURI().getPath().substring(1));
            if (refusals.getAndDecrement() > 0) {
                exchange.sendResponseHeaders(503, -1);
            } else if (!Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(404, -1);
            } else if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", String.valueOf(Files.size(file)));
                exchange.sendResponseHeaders(200, -1);
            } else {
                exchange.sendResponseHeaders(200, Files.size(file));
                Files.copy(file, exchange.getResponseBody());
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void theCheckpointComesWithItsProgressEvenWhenTheServerIsAwayAtFirst() throws IOException {
        refusals.set(8); // more than one fetch gives up after
        List<LoadState> heard = Collections.synchronizedList(new ArrayList<>());

        Path folder = supply("/").bring(heard::add);

        assertThat(folder.resolve("model.safetensors")).hasSameBinaryContentAs(MODEL.resolve("model.safetensors"));
        assertThat(heard)
                .anyMatch(state -> state instanceof LoadState.Loading loading
                        && loading.step().contains("SourceUnreachable"))
                .anyMatch(state -> state instanceof LoadState.Loading loading
                        && loading.totalBytes() > 0
                        && loading.doneBytes() == loading.totalBytes());
    }

    @Test
    void whatNoWaitingMendsIsAFailure() {
        var refused = CompletableFuture.supplyAsync(() -> supply("/nothing/").bring(state -> {}));

        await().atMost(Duration.ofMinutes(1)).until(refused::isCompletedExceptionally);
        assertThat(refused.exceptionNow()).isInstanceOf(SourceException.class).hasMessageContaining("no config.json");
    }

    @Test
    void theSecondAgentOfANodeDownloadsNothing() {
        Path first = supply("/").bring(state -> {});
        server.stop(0);

        assertThat(supply("/").bring(state -> {})).isEqualTo(first);
    }

    private FetchedCheckpoint supply(String path) {
        String uri = "http://127.0.0.1:" + server.getAddress().getPort() + path;
        return new FetchedCheckpoint(uri, Optional.empty(), cache, Map.of(), LIMITS, Duration.ofMillis(20));
    }
}
