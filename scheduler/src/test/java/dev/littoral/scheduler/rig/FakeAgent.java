package dev.littoral.scheduler.rig;

import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.agent.v1.AgentGrpc;
import dev.littoral.protocol.agent.v1.Delta;
import dev.littoral.protocol.agent.v1.DescribeRequest;
import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.agent.v1.Finished;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.agent.v1.Phase;
import dev.littoral.protocol.agent.v1.Rates;
import dev.littoral.protocol.agent.v1.StageDescription;
import dev.littoral.protocol.agent.v1.Started;
import dev.littoral.protocol.agent.v1.TokenChoice;
import dev.littoral.scheduler.directory.AgentRef;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A real gRPC server on loopback that answers by a script. */
public final class FakeAgent extends AgentGrpc.AgentImplBase implements AutoCloseable {

    /** Answers one call. */
    @FunctionalInterface
    public interface Script {

        /** Speaks through {@code call}; runs on a thread of its own. */
        void answer(GenerateRequest request, Call call) throws InterruptedException;
    }

    private static final Metadata.Key<String> TRACE_PARENT =
            Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

    private final List<String> traces = new CopyOnWriteArrayList<>();
    private final String pod;
    private final int slots;
    private final Server server;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final List<GenerateRequest> requests = new CopyOnWriteArrayList<>();
    private volatile Script script;
    private volatile int decodeTokensPerSecond = 100;
    private volatile UnaryOperator<AgentDescription.Builder> description = honest -> honest;

    public FakeAgent(String pod, int slots, Script script) {
        this(pod, slots, 0, script);
    }

    /** Listens on this port. */
    public FakeAgent(String pod, int slots, int port, Script script) {
        this.pod = pod;
        this.slots = slots;
        this.script = script;
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .addService(this)
                    .intercept(new ServerInterceptor() {
                        @Override
                        public <Q, A> ServerCall.Listener<Q> interceptCall(
                                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                            Optional.ofNullable(headers.get(TRACE_PARENT)).ifPresent(traces::add);
                            return next.startCall(call, headers);
                        }
                    })
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says the words, one delta each. */
    public static Script saying(String... words) {
        return (request, call) -> {
            call.started(7);
            for (String word : words) {
                call.delta(word);
            }
            call.finished(FinishReason.STOP);
        };
    }

    /** Says the words and then nothing more until the call is cancelled. */
    public static Script hanging(String... words) {
        return (request, call) -> {
            call.started(7);
            for (String word : words) {
                call.delta(word);
            }
            call.awaitCancel();
        };
    }

    public AgentRef ref() {
        return AgentRef.of(pod, "127.0.0.1:" + server.getPort()).orElseThrow();
    }

    public void script(Script next) {
        script = next;
    }

    /** Describes itself otherwise from now on. */
    public void describes(UnaryOperator<AgentDescription.Builder> otherwise) {
        description = otherwise;
    }

    public void decodeTokensPerSecond(int rate) {
        decodeTokensPerSecond = rate;
    }

    public int cancelled() {
        return cancelled.get();
    }

    public int running() {
        return running.get();
    }

    /** Returns the traces under which it was called. */
    public List<String> traces() {
        return traces;
    }

    public List<GenerateRequest> requests() {
        return requests;
    }

    @Override
    public void describe(DescribeRequest request, StreamObserver<AgentDescription> out) {
        out.onNext(description
                .apply(AgentDescription.newBuilder()
                        .setAgent(pod)
                        .setPhase(Phase.LOADED)
                        .setReady(true)
                        .setSlots(slots)
                        .setFreeSlots(slots - running.get())
                        .setStage(StageDescription.newBuilder().setContextTokens(512))
                        .setRates(Rates.newBuilder()
                                .setPrefillTokensPerSecond(1000)
                                .setDecodeTokensPerSecond(decodeTokensPerSecond)))
                .build());
        out.onCompleted();
    }

    @Override
    public void generate(GenerateRequest request, StreamObserver<GenerateEvent> out) {
        Call call = new Call((ServerCallStreamObserver<GenerateEvent>) out);
        requests.add(request);
        if (running.incrementAndGet() > slots) {
            running.decrementAndGet();
            call.fail(Status.RESOURCE_EXHAUSTED, "NoFreeSlot");
            return;
        }
        Thread.ofVirtual().start(() -> {
            try {
                script.answer(request, call);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                running.decrementAndGet();
            }
        });
    }

    /** Dies like a killed process: connections break at once. */
    @Override
    public void close() {
        server.shutdownNow();
    }

    /** One call, from the agent's side. */
    public final class Call {

        private final ServerCallStreamObserver<GenerateEvent> out;
        private final CountDownLatch gone = new CountDownLatch(1);
        private final Semaphore looks = new Semaphore(0);
        private final AtomicInteger tokens = new AtomicInteger();

        Call(ServerCallStreamObserver<GenerateEvent> out) {
            this.out = out;
            out.setOnCancelHandler(() -> {
                cancelled.incrementAndGet();
                gone.countDown();
                looks.release();
            });
            out.setOnReadyHandler(looks::release);
        }

        public void started(int promptTokens) {
            out.onNext(GenerateEvent.newBuilder()
                    .setStarted(Started.newBuilder().setPromptTokens(promptTokens))
                    .build());
        }

        public void delta(String text, TokenChoice... told) {
            out.onNext(GenerateEvent.newBuilder()
                    .setDelta(Delta.newBuilder()
                            .setText(text)
                            .setCompletionTokens(tokens.incrementAndGet())
                            .addAllTokens(List.of(told)))
                    .build());
        }

        /** Says whatever an agent can say. */
        public void raw(GenerateEvent event) {
            out.onNext(event);
        }

        public void end() {
            out.onCompleted();
        }

        public boolean ready() {
            return out.isReady();
        }

        /** Waits until the reader's side has room; false when nobody reads any more. */
        public boolean awaitReady() throws InterruptedException {
            while (!out.isReady() && gone.getCount() > 0) {
                looks.acquire();
            }
            return gone.getCount() > 0;
        }

        public void finished(FinishReason reason) {
            out.onNext(GenerateEvent.newBuilder()
                    .setFinished(Finished.newBuilder()
                            .setReason(reason)
                            .setPromptTokens(7)
                            .setCompletionTokens(tokens.get()))
                    .build());
            out.onCompleted();
        }

        public void fail(Status status, String reason) {
            Metadata trailers = new Metadata();
            trailers.put(Metadata.Key.of("littoral-reason", Metadata.ASCII_STRING_MARSHALLER), reason);
            out.onError(status.asRuntimeException(trailers));
        }

        public boolean cancelledWithin(long time, TimeUnit unit) throws InterruptedException {
            return gone.await(time, unit);
        }

        public void awaitCancel() throws InterruptedException {
            gone.await();
        }
    }
}
