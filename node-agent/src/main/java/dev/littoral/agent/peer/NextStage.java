package dev.littoral.agent.peer;

import dev.littoral.agent.settings.AgentSettings;
import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.agent.v1.AgentGrpc;
import dev.littoral.protocol.agent.v1.DescribeRequest;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Keeps the connection to the agent of the next stage: finds its address, asks it how it is, again and again. */
public final class NextStage implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(NextStage.class);
    private static final long ASK_AGAIN_MILLIS = 250;
    private static final long READY_ASK_AGAIN_MILLIS = 1000;
    private static final long ANSWER_WITHIN_MILLIS = 2000;
    private static final int MOST_ANSWER_BYTES = 256 * 1024;

    private final AgentSettings settings;
    private final NextFile file;
    private final Thread thread;
    private volatile NextState state = new NextState.Away("NotLoaded", "this stage is not loaded yet");
    private volatile @Nullable Connection connection;
    private volatile int expectedLayers;

    private record Connection(PeerAddress address, ManagedChannel channel) {}

    /** Makes one that looks for the next agent in the peers folder of {@code settings}, once started. */
    public NextStage(AgentSettings settings) {
        this.settings = settings;
        this.file = new NextFile(settings.peers());
        this.thread = Thread.ofPlatform().name("next-stage").daemon().unstarted(this::watch);
    }

    /** Begins to look for the next agent; on the last stage, says that there is none. */
    public void start(boolean last, int layers) {
        if (last) {
            state = new NextState.None();
        } else {
            state = new NextState.Away("NextUnknown", "the address of the next stage is not known yet");
            expectedLayers = layers;
            thread.start();
        }
    }

    /** Says whether the next stage can be used, as of at most a second or two ago. */
    public NextState state() {
        return state;
    }

    /** Gives the way to the next agent where its address is known. */
    public Optional<AgentGrpc.AgentStub> stub() {
        Connection present = connection;
        return present == null ? Optional.empty() : Optional.of(AgentGrpc.newStub(present.channel()));
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                become(look());
                Thread.sleep(state instanceof NextState.Ready ? READY_ASK_AGAIN_MILLIS : ASK_AGAIN_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void become(NextState next) {
        if (!next.equals(state)) {
            LOG.infof("next stage: %s", next);
        }
        state = next;
    }

    private NextState look() {
        try {
            Optional<PeerAddress> address = file.read();
            if (address.isEmpty()) {
                disconnect();
                return new NextState.Away("NextUnknown", "the address of the next stage is not known yet");
            }
            return ask(connect(address.get()));
        } catch (IOException e) {
            disconnect();
            return new NextState.Away("NextInvalid", String.valueOf(e.getMessage()));
        }
    }

    private Connection connect(PeerAddress address) {
        Connection present = connection;
        if (present != null && present.address().equals(address)) {
            return present;
        }
        disconnect();
        // the callbacks of this channel only hand over to other threads, so they may run on its event loop
        ManagedChannel channel = NettyChannelBuilder.forAddress(new InetSocketAddress(address.host(), address.port()))
                .usePlaintext()
                .directExecutor()
                .maxInboundMessageSize(MOST_ANSWER_BYTES)
                .keepAliveTime(10, TimeUnit.SECONDS)
                .keepAliveTimeout(3, TimeUnit.SECONDS)
                .build();
        var made = new Connection(address, channel);
        connection = made;
        return made;
    }

    /** Lets the sequences that run over the old connection end. */
    private void disconnect() {
        Connection present = connection;
        connection = null;
        if (present != null) {
            present.channel().shutdown();
        }
    }

    private NextState ask(Connection present) {
        try {
            // a channel that has just failed waits longer and longer before it tries again; we ask now
            present.channel().resetConnectBackoff();
            AgentDescription answer = AgentGrpc.newBlockingStub(present.channel())
                    .withDeadlineAfter(ANSWER_WITHIN_MILLIS, TimeUnit.MILLISECONDS)
                    .describe(DescribeRequest.getDefaultInstance());
            return new NextExpectation(settings, expectedLayers).judge(answer, present.address());
        } catch (StatusRuntimeException e) {
            return new NextState.Away(
                    "NextSilent",
                    "the agent at " + present.address() + " does not answer: "
                            + e.getStatus().getCode());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Connection present = connection;
        connection = null;
        if (present != null) {
            present.channel().shutdownNow();
        }
    }
}
