package dev.littoral.scheduler.agents;

import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.agent.v1.AgentGrpc;
import dev.littoral.protocol.agent.v1.DescribeRequest;
import dev.littoral.protocol.agent.v1.Finished;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.events.TraceContext;
import dev.littoral.scheduler.request.ReaderGone;
import dev.littoral.scheduler.request.Tracing;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Calls agents with grpc-java, one channel per address. Few events are read ahead, so that a slow reader holds the agent
 * back instead of filling this process.
 */
public final class GrpcAgentClient implements AgentClient {

    private static final Metadata.Key<String> REASON =
            Metadata.Key.of("littoral-reason", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> TRACE_PARENT =
            Metadata.Key.of(TraceContext.PARENT, Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> TRACE_STATE =
            Metadata.Key.of(TraceContext.STATE, Metadata.ASCII_STRING_MARSHALLER);
    private static final int MAX_MESSAGE_BYTES = 1 << 20;

    /** One thread: whoever answers in one piece is heard in one piece ({@link EventStream}). */
    private final NioEventLoopGroup connections = new NioEventLoopGroup(1, new DefaultThreadFactory("agents", true));

    private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();

    @Override
    public CallEnd generate(String address, GenerateRequest request, Duration timeout, EventReader reader)
            throws InterruptedException, ReaderGone {
        ClientCall<GenerateRequest, GenerateEvent> call = channel(address)
                .newCall(
                        AgentGrpc.getGenerateMethod(),
                        CallOptions.DEFAULT.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS));
        try (EventStream events = new EventStream(call, connections.next())) {
            events.begin(request, headers());
            return readAll(events, new Claims(request), reader);
        }
    }

    private static Metadata headers() {
        Metadata headers = new Metadata();
        if (Tracing.CONTEXT.isBound()) {
            TraceContext trace = Tracing.CONTEXT.get();
            headers.put(TRACE_PARENT, trace.parent());
            trace.state().ifPresent(state -> headers.put(TRACE_STATE, state));
        }
        return headers;
    }

    private static CallEnd readAll(EventStream events, Claims claims, EventReader reader)
            throws InterruptedException, ReaderGone {
        Optional<Finished> finished = Optional.empty();
        while (true) {
            Optional<GenerateEvent> next = events.next();
            if (next.isEmpty()) {
                return endOf(events.end(), finished);
            }
            GenerateEvent event = claims.bounded(next.orElseThrow());
            if (claims.endless()) {
                return new CallEnd.Away("the agent says more than any answer holds");
            }
            if (event.hasFinished()) {
                finished = Optional.of(event.getFinished());
            }
            if (!(events.finishesNext() ? reader.readLast(event) : reader.read(event))) {
                return new CallEnd.Stopped();
            }
        }
    }

    private static CallEnd endOf(EventStream.End end, Optional<Finished> finished) {
        Status status = end.status();
        String message = Optional.ofNullable(status.getDescription())
                .orElse(status.getCode().name());
        return switch (status.getCode()) {
            case OK ->
                finished.<CallEnd>map(CallEnd.Complete::new)
                        .orElseGet(() -> new CallEnd.Away("the agent closed the stream without finishing the answer"));
            case RESOURCE_EXHAUSTED -> new CallEnd.Exhausted();
            case DEADLINE_EXCEEDED -> new CallEnd.TooLate();
            case INVALID_ARGUMENT ->
                new CallEnd.Rejected(
                        Optional.ofNullable(end.trailers().get(REASON)).orElse(""), message);
            case CANCELLED,
                    UNKNOWN,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    PERMISSION_DENIED,
                    FAILED_PRECONDITION,
                    ABORTED,
                    OUT_OF_RANGE,
                    UNIMPLEMENTED,
                    INTERNAL,
                    UNAVAILABLE,
                    DATA_LOSS,
                    UNAUTHENTICATED -> new CallEnd.Away(status.getCode() + ": " + message);
        };
    }

    @Override
    public Optional<AgentDescription> describe(String address, Duration timeout) throws InterruptedException {
        ManagedChannel channel = channel(address);
        // a process that came back is seen at once instead of after grpc's growing back-off
        channel.resetConnectBackoff();
        try {
            return Optional.of(AgentGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .describe(DescribeRequest.getDefaultInstance()));
        } catch (StatusRuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while an agent described itself");
            }
            return Optional.empty();
        }
    }

    @Override
    public void retain(Collection<String> addresses) {
        channels.forEach((address, channel) -> {
            if (!addresses.contains(address) && channels.remove(address, channel)) {
                channel.shutdown();
            }
        });
    }

    private ManagedChannel channel(String address) {
        return channels.computeIfAbsent(
                address,
                target -> NettyChannelBuilder.forTarget("dns:///" + target)
                        .usePlaintext()
                        .channelType(NioSocketChannel.class)
                        .eventLoopGroup(connections)
                        .directExecutor()
                        // whoever calls decides where else a request runs
                        .disableRetry()
                        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                        .build());
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
        var ignored = connections.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
