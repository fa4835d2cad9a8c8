package dev.littoral.agent.serve;

import com.google.protobuf.ByteString;
import dev.littoral.agent.stage.LoadState;
import dev.littoral.engine.Sampler;
import dev.littoral.engine.Sequence;
import dev.littoral.engine.StageInput;
import dev.littoral.engine.StageOutput;
import dev.littoral.protocol.agent.v1.Activations;
import dev.littoral.protocol.agent.v1.ForwardRequest;
import dev.littoral.protocol.agent.v1.ForwardResponse;
import dev.littoral.protocol.agent.v1.OpenSequence;
import dev.littoral.protocol.agent.v1.Opened;
import dev.littoral.protocol.agent.v1.Sampled;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Runs one sequence that an earlier stage sends: activations in, and either a token back or activations on.
 *
 * <p>All steps of the sequence run one after the other; one message is asked for at a time.
 */
final class ForwardCall implements StreamObserver<ForwardRequest>, DownstreamSequence.Listener {

    private final Serving serving;
    private final ServerCallStreamObserver<ForwardResponse> upstream;
    private final Executor steps;
    private final IdleTimer idle;
    private volatile boolean ended;
    private volatile @Nullable Sequence sequence;
    private volatile @Nullable DownstreamSequence downstream;
    private @Nullable ForwardRules rules;
    private @Nullable Sampler sampler;
    private boolean owesRequest;
    private boolean begun;

    ForwardCall(
            Serving serving,
            ServerCallStreamObserver<ForwardResponse> upstream,
            Executor threads,
            ScheduledExecutorService timers) {
        this.serving = serving;
        this.upstream = upstream;
        this.steps = new SerialExecutor(threads);
        this.idle = new IdleTimer(
                timers,
                serving.settings().limits().idle(),
                cause -> step(() -> {
                    throw cause;
                }));
        upstream.disableAutoRequest();
        upstream.setOnCancelHandler(this::free);
        upstream.request(1);
    }

    @Override
    public void onNext(ForwardRequest request) {
        idle.heard();
        step(() -> take(request));
    }

    private void take(ForwardRequest request) {
        switch (request.getMessageCase()) {
            case OPEN -> open(request.getOpen());
            case ACTIVATIONS -> activations(request.getActivations());
            case MESSAGE_NOT_SET -> throw ForwardRules.invalid("the message is empty: send open or activations");
        }
    }

    private void open(OpenSequence open) {
        if (rules != null) {
            throw ForwardRules.invalid("the sequence is open already: one call is one sequence");
        }
        LoadState.Loaded loaded = serving.loaded();
        rules = ForwardRules.check(open, serving.settings(), loaded.stage());
        boolean last = loaded.stage().last();
        var next = last ? null : serving.nextStub();
        int[] prompt = open.getPromptList().stream().mapToInt(Integer::intValue).toArray();
        if (last) {
            Sampler chooser = Samplers.of(open.getSampling(), loaded.forms());
            chooser.prompt(prompt);
            sampler = chooser;
        }
        sequence = serving.sequences().open(loaded.stage(), open.getMaxTokens(), prompt);
        if (next == null) {
            sayOpened(sequence.length());
        } else {
            OpenSequence onward = open.toBuilder()
                    .setFirstLayer(loaded.stage().spec().endLayer())
                    .build();
            downstream = DownstreamSequence.open(
                    next, onward, loaded.stage().config().vocabularySize(), this);
        }
        if (ended) {
            free(); // it was cancelled while the slots were being taken
        }
    }

    private void sayOpened(int reused) {
        upstream.onNext(ForwardResponse.newBuilder()
                .setOpened(Opened.newBuilder().setReused(reused))
                .build());
        upstream.request(1);
    }

    private void activations(Activations message) {
        Sequence held = sequence;
        if (rules == null || held == null) {
            throw ForwardRules.invalid("activations came before open");
        }
        rules.check(message, held.length(), begun);
        begun = true;
        int position = message.getPosition();
        if (position < held.length()) {
            held.rollBack(position);
        }
        var input = new StageInput.Activations(
                ByteBuffer.wrap(message.getHidden().toByteArray()).order(ByteOrder.LITTLE_ENDIAN), message.getRows());
        switch (held.forward(input)) {
            case StageOutput.Activations hidden -> sendOn(hidden, position, message.getSample());
            case StageOutput.Logits logits -> {
                if (message.getSample()) {
                    answer(logits, held.length());
                }
                upstream.request(1);
            }
        }
    }

    private void answer(StageOutput.Logits logits, int position) {
        Sampler choice = sampler;
        if (choice == null) {
            throw new IllegalStateException("a stage that is not the last gave logits");
        }
        var sample = choice.sample(logits, logits.rows() - 1);
        upstream.onNext(ForwardResponse.newBuilder()
                .setSampled(SampleWords.of(sample, position))
                .build());
    }

    private void sendOn(StageOutput.Activations hidden, int position, boolean sample) {
        DownstreamSequence next = downstream;
        if (next == null) {
            throw new IllegalStateException("the last stage gave activations instead of logits");
        }
        next.send(Activations.newBuilder()
                .setPosition(position)
                .setRows(hidden.rows())
                .setHidden(ByteString.copyFrom(hidden.f32le().duplicate()))
                .setSample(sample)
                .build());
        owesRequest = true;
        requestWhenRoom(next);
    }

    /** Takes the next message from upstream only when this one no longer waits here. */
    private void requestWhenRoom(DownstreamSequence next) {
        if (owesRequest && next.hasRoom()) {
            owesRequest = false;
            upstream.request(1);
        }
    }

    @Override
    public void opened(int reused) {
        step(() -> {
            Sequence held = sequence;
            if (held != null) {
                sayOpened(Math.min(reused, held.length()));
            }
        });
    }

    @Override
    public void sampled(Sampled sampled) {
        step(() ->
                upstream.onNext(ForwardResponse.newBuilder().setSampled(sampled).build()));
    }

    @Override
    public void roomToSend() {
        step(() -> {
            if (downstream != null) {
                requestWhenRoom(downstream);
            }
        });
    }

    @Override
    public void failed(StatusRuntimeException cause) {
        step(() -> {
            throw cause;
        });
    }

    @Override
    public void onError(Throwable cause) {
        free();
    }

    @Override
    public void onCompleted() {
        step(() -> {
            free();
            upstream.onCompleted();
        });
    }

    private void step(Runnable step) {
        steps.execute(() -> {
            if (ended) {
                return;
            }
            try {
                step.run();
            } catch (RuntimeException e) {
                end(e);
            }
        });
    }

    private void end(RuntimeException cause) {
        if (!ended) {
            free();
            upstream.onError(Failures.of(cause));
        }
    }

    /** Frees the slot here and downstream, from any thread; a step that runs ends first. */
    private void free() {
        ended = true;
        idle.stop();
        DownstreamSequence next = downstream;
        if (next != null) {
            next.close();
        }
        Sequence held = sequence;
        if (held != null) {
            held.close();
        }
    }
}
