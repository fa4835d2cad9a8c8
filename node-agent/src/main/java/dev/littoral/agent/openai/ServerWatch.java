package dev.littoral.agent.openai;

import dev.littoral.agent.settings.ForwardSettings;
import dev.littoral.protocol.agent.v1.LoadProgress;
import dev.littoral.protocol.agent.v1.Phase;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Asks the server again and again how it is: ready when it lives, has the model and answered two tiny requests; away as
 * soon as it does not. A server that is ready is asked for its health only, since a server such as llama-cpp-python's
 * interrupts the answer that it works on for any question about its models.
 */
final class ServerWatch implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(ServerWatch.class);

    private final OpenAiServer server;
    private final ForwardSettings settings;
    private final ServerMeasurement measurement;
    private final List<Consumer<LoadProgress>> followers = new CopyOnWriteArrayList<>();
    private final Semaphore doubts = new Semaphore(0);
    private final Thread thread;
    private volatile ServerState state = new ServerState.Away("the server was not asked yet");
    private volatile boolean everReady;

    ServerWatch(OpenAiServer server, ForwardSettings settings, ServerMeasurement measurement) {
        this.server = server;
        this.settings = settings;
        this.measurement = measurement;
        this.thread = Thread.ofPlatform().name("server-watch").daemon().unstarted(this::watch);
    }

    void start() {
        thread.start();
    }

    ServerState state() {
        return state;
    }

    /** Says whether the server has been ready once. */
    boolean everReady() {
        return everReady;
    }

    Runnable follow(Consumer<LoadProgress> follower) {
        followers.add(follower);
        follower.accept(progress());
        return () -> followers.remove(follower);
    }

    /** Calls the server away until it has shown again that it answers. */
    void doubt(String why) {
        become(new ServerState.Away(why));
        lookSoon();
    }

    /** Asks the server now instead of at the next turn. */
    void lookSoon() {
        doubts.release();
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                look();
                if (doubts.tryAcquire(settings.server().poll().toNanos(), TimeUnit.NANOSECONDS)) {
                    doubts.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws InterruptedException {
        try {
            server.checkHealth();
            if (!(state instanceof ServerState.Ready)) {
                become(measured());
            }
        } catch (StatusRuntimeException e) {
            become(new ServerState.Away(String.valueOf(e.getStatus().getDescription())));
        } catch (RuntimeException e) {
            LOG.warn("the server could not be asked", e);
            become(new ServerState.Away("the server could not be asked: " + e));
        }
    }

    private ServerState measured() throws InterruptedException {
        Set<String> models = server.models();
        String wanted = settings.server().model();
        if (!models.contains(wanted)) {
            return new ServerState.Away("the server has no model '" + wanted + "' but "
                    + ServerErrors.shown(String.valueOf(models)) + ": load it there, or set LITTORAL_OPENAI_MODEL");
        }
        become(new ServerState.Away("the server is being measured"));
        return new ServerState.Ready(measurement.run(), server.cacheTokens());
    }

    private synchronized void become(ServerState next) {
        if (next.equals(state)) {
            return;
        }
        state = next;
        everReady |= next instanceof ServerState.Ready;
        LOG.infof("the server at %s: %s", settings.server().root(), next);
        followers.forEach(follower -> follower.accept(progress()));
    }

    private LoadProgress progress() {
        String message = state instanceof ServerState.Away away ? away.message() : "ready";
        return LoadProgress.newBuilder()
                .setPhase(everReady ? Phase.LOADED : Phase.LOADING)
                .setMessage(message)
                .build();
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
