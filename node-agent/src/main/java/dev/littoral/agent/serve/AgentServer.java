package dev.littoral.agent.serve;

import dev.littoral.agent.settings.AgentSettings;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Serves the agent's contract over gRPC. */
public final class AgentServer implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(AgentServer.class);
    private static final int WAITING_ANSWERS = 32;
    private static final int LEAST_MESSAGE_BYTES = 4 << 20;
    private static final int MOST_MESSAGE_BYTES = 256 << 20;
    private static final int CALLS_PER_CONNECTION = 1024;

    private final Serving serving;
    private final Server server;
    private final ExecutorService calls;
    private final ExecutorService answers;
    private final ExecutorService steps;
    private final ScheduledExecutorService timers;

    private AgentServer(Serving serving, int hiddenSize) {
        AgentSettings settings = serving.settings();
        int slots = settings.stage().slots();
        int mostAnswers = slots + WAITING_ANSWERS;
        this.serving = serving;
        // platform threads, since the engine computes in native code, which would pin carriers of virtual ones
        calls = Executors.newFixedThreadPool(2, named("calls-"));
        answers = Executors.newCachedThreadPool(named("answer-")); // the service admits no more than mostAnswers
        steps = Executors.newFixedThreadPool(slots, named("step-"));
        timers = Executors.newSingleThreadScheduledExecutor(named("timers-"));
        server = NettyServerBuilder.forAddress(new InetSocketAddress(settings.bind(), settings.grpcPort()))
                .executor(calls)
                .maxInboundMessageSize(mostMessageBytes(settings, hiddenSize))
                .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
                .keepAliveTime(10, TimeUnit.SECONDS)
                .keepAliveTimeout(3, TimeUnit.SECONDS)
                .permitKeepAliveTime(5, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .addService(new AgentService(serving, answers, mostAnswers, steps, timers))
                .build();
    }

    /**
     * Starts to listen.
     *
     * @param hiddenSize of the model, 0 when its config cannot be read
     * @throws IOException when the address cannot be taken
     */
    public static AgentServer start(Serving serving, int hiddenSize) throws IOException {
        var server = new AgentServer(serving, hiddenSize);
        try {
            server.server.start();
        } catch (IOException e) {
            server.stopThreads();
            throw new IOException(
                    "cannot listen on LITTORAL_BIND=" + serving.settings().bind() + " LITTORAL_GRPC_PORT="
                            + serving.settings().grpcPort() + ": " + e.getMessage(),
                    e);
        }
        LOG.infof("gRPC on %s:%d", serving.settings().bind(), server.port());
        return server;
    }

    /** Gives the port that it listens on. */
    public int port() {
        return server.getPort();
    }

    /** Takes no new sequence and waits for those that run, at most this long; says whether all ended. */
    public boolean drain(Duration most) throws InterruptedException {
        serving.stopping().set(true);
        long until = System.nanoTime() + most.toNanos();
        while (serving.sequences().running() > 0 && System.nanoTime() < until) {
            Thread.sleep(10);
        }
        return serving.sequences().running() == 0;
    }

    /** Ends every sequence and stops. */
    @Override
    public void close() {
        serving.stopping().set(true);
        serving.sequences().closeAll();
        server.shutdown();
        try {
            if (!server.awaitTermination(500, TimeUnit.MILLISECONDS)) {
                server.shutdownNow().awaitTermination(2, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        stopThreads();
    }

    private void stopThreads() {
        answers.shutdownNow();
        steps.shutdownNow();
        timers.shutdownNow();
        calls.shutdownNow();
    }

    /** Takes a whole context of activations in one message. */
    private static int mostMessageBytes(AgentSettings settings, int hiddenSize) {
        long activations = (long) settings.stage().contextTokens() * hiddenSize * Float.BYTES + 1024;
        return Math.toIntExact(Math.clamp(activations, LEAST_MESSAGE_BYTES, MOST_MESSAGE_BYTES));
    }

    private static ThreadFactory named(String prefix) {
        return Thread.ofPlatform().name(prefix, 0).daemon().factory();
    }
}
