package dev.littoral.agent.serve;

import com.google.protobuf.ByteString;
import dev.littoral.engine.Sample;
import dev.littoral.engine.Sequence;
import dev.littoral.engine.SequenceClosedException;
import dev.littoral.engine.StageInput;
import dev.littoral.engine.StageOutput;
import dev.littoral.protocol.agent.v1.Activations;
import dev.littoral.protocol.agent.v1.AgentGrpc;
import dev.littoral.protocol.agent.v1.OpenSequence;
import dev.littoral.protocol.agent.v1.Sampled;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Runs a sequence in this stage and, over the wire, in all that follow. */
final class ManyStages implements Pipeline, DownstreamSequence.Listener {

    private final Sequence sequence;
    private final DownstreamSequence downstream;
    private final Patience patience;
    private final Object lock = new Object();
    private final Queue<Sampled> answers = new ArrayDeque<>();
    private boolean opened;
    private int reused;
    private boolean closed;
    private @Nullable StatusRuntimeException failure;

    private ManyStages(
            Sequence sequence, AgentGrpc.AgentStub next, OpenSequence open, int vocabularySize, Patience patience) {
        this.sequence = sequence;
        this.patience = patience;
        this.downstream = DownstreamSequence.open(next, open, vocabularySize, this);
    }

    /** Sends the request to open it in all later stages; {@link #awaitOpened} waits for their answer. */
    static ManyStages open(
            Sequence sequence, AgentGrpc.AgentStub next, OpenSequence open, int vocabularySize, Patience patience) {
        return new ManyStages(sequence, next, open, vocabularySize, patience);
    }

    /** Waits until every later stage holds a slot, and agrees with them on what of the prompt need not be sent. */
    void awaitOpened() {
        await(() -> opened);
        int held;
        synchronized (lock) {
            held = reused;
        }
        if (sequence.length() > held) {
            sequence.rollBack(held);
        }
    }

    @Override
    public int length() {
        return sequence.length();
    }

    @Override
    public void append(int[] tokens) {
        send(tokens, false);
    }

    @Override
    public Sample appendAndSample(int[] tokens) {
        send(tokens, true);
        await(() -> !answers.isEmpty());
        synchronized (lock) {
            return SampleWords.of(answers.remove());
        }
    }

    private void send(int[] tokens, boolean sample) {
        int position = sequence.length();
        switch (sequence.forward(new StageInput.Tokens(tokens))) {
            case StageOutput.Activations hidden -> {
                await(downstream::hasRoom);
                downstream.send(Activations.newBuilder()
                        .setPosition(position)
                        .setRows(hidden.rows())
                        .setHidden(ByteString.copyFrom(hidden.f32le().duplicate()))
                        .setSample(sample)
                        .build());
            }
            case StageOutput.Logits logits ->
                throw new IllegalStateException("a stage that is not the last gave "
                        + logits.lastRow().remaining() + " logits instead of activations");
        }
    }

    private void await(BooleanSupplier condition) {
        synchronized (lock) {
            patience.await(lock, () -> closed || failure != null || condition.getAsBoolean());
            if (closed) {
                throw new SequenceClosedException();
            }
            if (failure != null) {
                throw failure;
            }
            if (!condition.getAsBoolean()) {
                throw Refusal.of(
                        Status.Code.UNAVAILABLE,
                        Reason.NextStageSilent,
                        "the next stage did not answer within " + patience.limit());
            }
        }
    }

    @Override
    public void opened(int rows) {
        change(() -> {
            reused = rows;
            opened = true;
        });
    }

    @Override
    public void sampled(Sampled sampled) {
        change(() -> answers.add(sampled));
    }

    @Override
    public void roomToSend() {
        change(() -> {});
    }

    @Override
    public void failed(StatusRuntimeException cause) {
        change(() -> failure = cause);
    }

    private void change(Runnable change) {
        synchronized (lock) {
            change.run();
            lock.notifyAll();
        }
    }

    @Override
    public void close() {
        change(() -> closed = true);
        downstream.close();
        sequence.close();
    }
}
