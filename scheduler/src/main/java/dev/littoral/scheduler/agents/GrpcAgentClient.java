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
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Calls agents with grpc-java, one channel per address. The blocking stub asks for one message at a time, so that a
 * slow reader holds the agent back instead of filling this process.
 */
public final class GrpcAgentClient implements AgentClient {

    private static final Metadata.Key<String> REASON =
            Metadata.Key.of("littoral-reason", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> TRACE_PARENT =
            Metadata.Key.of(TraceContext.PARENT, Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> TRACE_STATE =
            Metadata.Key.of(TraceContext.STATE, Metadata.ASCII_STRING_MARSHALLER);
    private static final int MAX_MESSAGE_BYTES = 1 << 20;

    private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();

    @Override
    public CallEnd generate(String address, GenerateRequest request, Duration timeout, EventReader reader)
            throws InterruptedException, ReaderGone {
        Context.CancellableContext context = Context.ROOT.withCancellation();
        Context before = context.attach();
        try {
            Iterator<GenerateEvent> events = traced(AgentGrpc.newBlockingStub(channel(address)))
                    .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .generate(request);
            return readAll(events, new Claims(request), reader);
        } catch (StatusRuntimeException e) {
            return endOf(e);
        } finally {
            context.detach(before);
            // whatever the reason for leaving, the agent's slot is not held any longer
            context.cancel(null);
        }
    }

    private static AgentGrpc.AgentBlockingStub traced(AgentGrpc.AgentBlockingStub stub) {
        if (!Tracing.CONTEXT.isBound()) {
            return stub;
        }
        TraceContext trace = Tracing.CONTEXT.get();
        Metadata headers = new Metadata();
        headers.put(TRACE_PARENT, trace.parent());
        trace.state().ifPresent(state -> headers.put(TRACE_STATE, state));
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static CallEnd readAll(Iterator<GenerateEvent> events, Claims claims, EventReader reader)
            throws InterruptedException, ReaderGone {
        Optional<Finished> finished = Optional.empty();
        while (events.hasNext()) {
            GenerateEvent event = claims.bounded(events.next());
            if (claims.endless()) {
                return new CallEnd.Away("the agent says more than any answer holds");
            }
            if (event.hasFinished()) {
                finished = Optional.of(event.getFinished());
            }
            if (!reader.read(event)) {
                return new CallEnd.Stopped();
            }
        }
        return finished.<CallEnd>map(CallEnd.Complete::new)
                .orElseGet(() -> new CallEnd.Away("the agent closed the stream without finishing the answer"));
    }

    private static CallEnd endOf(StatusRuntimeException e) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while an agent answered");
        }
        Status status = e.getStatus();
        String message = Optional.ofNullable(status.getDescription())
                .orElse(status.getCode().name());
        return switch (status.getCode()) {
            case RESOURCE_EXHAUSTED -> new CallEnd.Exhausted();
            case DEADLINE_EXCEEDED -> new CallEnd.TooLate();
            case INVALID_ARGUMENT -> new CallEnd.Rejected(reason(e), message);
            case OK,
                    CANCELLED,
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

    private static String reason(StatusRuntimeException e) {
        return Optional.ofNullable(e.getTrailers())
                .flatMap(trailers -> Optional.ofNullable(trailers.get(REASON)))
                .orElse("");
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
                        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                        .build());
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
    }
}
