package dev.littoral.agent.serve;

import dev.littoral.agent.settings.AgentSettings;
import dev.littoral.agent.stage.Language;
import dev.littoral.agent.stage.LoadState;
import dev.littoral.engine.StopStrings;
import dev.littoral.protocol.agent.v1.Delta;
import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.agent.v1.Finished;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.agent.v1.Started;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers one prompt on a thread of its own: tokens, slots, prompt through all stages, then token by token. */
final class GenerateCall implements Runnable {

    private final Serving serving;
    private final GenerateRequest request;
    private final AnswerWriter writer;
    private final Deadline deadline;
    private final long arrivedNanos = System.nanoTime();
    private final Object lock = new Object();
    private @Nullable Pipeline pipeline;
    private int completionTokens;

    GenerateCall(Serving serving, GenerateRequest request, AnswerWriter writer) {
        this.serving = serving;
        this.request = request;
        this.writer = writer;
        this.deadline = Deadline.ofEpochMillis(request.getDeadlineEpochMillis(), serving.clock());
    }

    /** Frees the slot in every stage, from any thread. */
    void cancel() {
        writer.cancel();
        close();
    }

    @Override
    public void run() {
        String outcome;
        try {
            Finished finished = answer();
            outcome = finished.getReason().name();
            close(); // before the reader hears of the end, so that it finds the slot free
            writer.write(GenerateEvent.newBuilder().setFinished(finished).build());
            writer.complete();
        } catch (RuntimeException e) {
            close();
            outcome = fail(e);
        }
        serving.observations().tokensGiven(completionTokens);
        serving.observations().answerEnded(outcome);
    }

    private String fail(RuntimeException e) {
        if (writer.cancelled()) {
            return "Cancelled";
        }
        StatusRuntimeException failure = Failures.of(e);
        writer.fail(failure);
        String reason =
                failure.getTrailers() == null ? null : failure.getTrailers().get(Refusal.REASON);
        return reason == null ? failure.getStatus().getCode().name() : reason;
    }

    private Finished answer() {
        LoadState.Loaded loaded = serving.loaded();
        Language language = loaded.language()
                .orElseThrow(() -> Refusal.of(
                        Status.Code.FAILED_PRECONDITION,
                        Reason.NotFirstStage,
                        "this agent begins at layer "
                                + serving.settings().stage().firstLayer() + ": ask the agent of layer 0"));
        Prompt prompt = Prompt.of(request, serving.settings(), language);
        deadline.check();
        open(loaded, prompt);
        serving.observations().promptTaken(prompt.tokens().length);
        writer.write(GenerateEvent.newBuilder()
                .setStarted(Started.newBuilder().setPromptTokens(prompt.tokens().length))
                .build());
        FinishReason reason = decode(prompt, language);
        return Finished.newBuilder()
                .setReason(reason)
                .setPromptTokens(prompt.tokens().length)
                .setCompletionTokens(completionTokens)
                .build();
    }

    private void open(LoadState.Loaded loaded, Prompt prompt) {
        Pipelines pipelines = new Pipelines(serving);
        Pipeline opened = pipelines.open(request, prompt, loaded, deadline);
        synchronized (lock) {
            pipeline = opened;
        }
        if (writer.cancelled()) {
            close();
        }
        pipelines.awaitOpened(opened);
    }

    private FinishReason decode(Prompt prompt, Language language) {
        var text = new AnswerText(language.tokenizer().stream(), new StopStrings(prompt.stops()));
        Set<Integer> stopTokens = language.tokenizer().stopTokens();
        int[] rows = prefill(prompt.tokens());
        while (true) {
            int token;
            try {
                writer.awaitReader(readerPatience());
                deadline.check();
                token = opened().appendAndSample(rows).token();
            } catch (DeadlinePassed e) {
                if (completionTokens == 0) {
                    throw e;
                }
                return end(text, FinishReason.DEADLINE);
            }
            if (completionTokens == 0) {
                serving.observations().firstToken(Duration.ofNanos(System.nanoTime() - arrivedNanos));
            }
            if (stopTokens.contains(token)) {
                return end(text, FinishReason.STOP);
            }
            completionTokens++;
            say(text.accept(token));
            if (text.stopped()) {
                return FinishReason.STOP;
            }
            if (completionTokens == prompt.maxTokens()) {
                return end(text, FinishReason.LENGTH);
            }
            rows = new int[] {token};
        }
    }

    /** Sends all of the prompt but its last part, which brings the first token. */
    private int[] prefill(int[] tokens) {
        int rows = serving.settings().limits().prefillRows();
        int from = 0;
        for (; tokens.length - from > rows; from += rows) {
            deadline.check();
            opened().append(Arrays.copyOfRange(tokens, from, from + rows));
        }
        return Arrays.copyOfRange(tokens, from, tokens.length);
    }

    private FinishReason end(AnswerText text, FinishReason reason) {
        say(text.finish());
        return text.stopped() ? FinishReason.STOP : reason;
    }

    private void say(String text) {
        if (!text.isEmpty()) {
            writer.write(GenerateEvent.newBuilder()
                    .setDelta(Delta.newBuilder().setText(text).setCompletionTokens(completionTokens))
                    .build());
        }
    }

    private Patience readerPatience() {
        AgentSettings.Limits limits = serving.settings().limits();
        return new Patience(limits.stalledReader(), deadline);
    }

    private Pipeline opened() {
        synchronized (lock) {
            return Objects.requireNonNull(pipeline);
        }
    }

    private void close() {
        Pipeline open;
        synchronized (lock) {
            open = pipeline;
        }
        if (open != null) {
            open.close();
        }
    }
}
