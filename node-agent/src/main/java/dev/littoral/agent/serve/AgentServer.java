package dev.littoral.agent.serve;

import dev.littoral.agent.settings.ServiceSettings;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
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

    private final Backend backend;
    private final Server server;
    private final ExecutorService calls;
    private final ExecutorService answers;
    private final ExecutorService steps;
    private final ScheduledExecutorService timers;

    private AgentServer(
            ServiceSettings settings, Backend backend, Observations observations, Clock clock, int hiddenSize) {
        int slots = settings.slots();
        int mostAnswers = slots + WAITING_ANSWERS;
        this.backend = backend;
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
                .addService(
                        new AgentService(settings, backend, observations, clock, answers, mostAnswers, steps, timers))
                .build();
    }

    /**
     * Starts to listen.
     *
     * @param hiddenSize of the model whose activations it takes, 0 when it takes none or that is not known
     * @throws IOException when the address cannot be taken
     */
    public static AgentServer start(
            ServiceSettings settings, Backend backend, Observations observations, Clock clock, int hiddenSize)
            throws IOException {
        var server = new AgentServer(settings, backend, observations, clock, hiddenSize);
        try {
            server.server.start();
        } catch (IOException e) {
            server.stopThreads();
            throw new IOException(
                    "cannot listen on LITTORAL_BIND=" + settings.bind() + " LITTORAL_GRPC_PORT=" + settings.grpcPort()
                            + ": " + e.getMessage(),
                    e);
        }
        LOG.infof("gRPC on %s:%d", settings.bind(), server.port());
        return server;
    }

    /** Gives the port that it listens on. */
    public int port() {
        return server.getPort();
    }

    /** Takes no new sequence and waits for those that run, at most this long; says whether all ended. */
    public boolean drain(Duration most) throws InterruptedException {
        backend.refuseNew();
        long until = System.nanoTime() + most.toNanos();
        while (backend.state().running() > 0 && System.nanoTime() < until) {
            Thread.sleep(10);
        }
        return backend.state().running() == 0;
    }

    /** Ends every sequence and stops. */
    @Override
    public void close() {
        backend.refuseNew();
        backend.endAll();
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
    private static int mostMessageBytes(ServiceSettings settings, int hiddenSize) {
        long activations = (long) settings.contextTokens() * hiddenSize * Float.BYTES + 1024;
        return Math.toIntExact(Math.clamp(activations, LEAST_MESSAGE_BYTES, MOST_MESSAGE_BYTES));
    }

    private static ThreadFactory named(String prefix) {
        return Thread.ofPlatform().name(prefix, 0).daemon().factory();
    }
}
