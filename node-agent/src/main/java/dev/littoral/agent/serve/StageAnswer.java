package dev.littoral.agent.serve;

import dev.littoral.agent.stage.Language;
import dev.littoral.agent.stage.LoadState;
import dev.littoral.engine.Sample;
import dev.littoral.engine.StopStrings;
import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.agent.v1.Finished;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import io.grpc.Status;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers one prompt with stages: tokens, slots, prompt through all stages, then token by token. */
final class StageAnswer implements Answering {

    private final Serving serving;
    private final GenerateRequest request;
    private final Deadline deadline;
    private final Object lock = new Object();
    private @Nullable Pipeline pipeline;
    private boolean closed;
    private int completionTokens;

    StageAnswer(Serving serving, GenerateRequest request, Deadline deadline) {
        this.serving = serving;
        this.request = request;
        this.deadline = deadline;
    }

    @Override
    public int completionTokens() {
        return completionTokens;
    }

    @Override
    public Finished answer(AnswerReader reader) {
        LoadState.Loaded loaded = serving.loaded();
        Language language = loaded.language()
                .orElseThrow(() -> Refusal.of(
                        Status.Code.FAILED_PRECONDITION,
                        Reason.NotFirstStage,
                        "this agent begins at layer "
                                + serving.settings().stage().firstLayer() + ": ask the agent of layer 0"));
        Prompt prompt = Prompt.of(request, serving.settings(), language);
        SamplingRules.checkVocabulary(prompt.sampling(), loaded.stage().config().vocabularySize());
        deadline.check();
        open(loaded, prompt);
        reader.started(prompt.tokens().length);
        FinishReason reason = decode(prompt, language, reader);
        return Finished.newBuilder()
                .setReason(reason)
                .setPromptTokens(prompt.tokens().length)
                .setCompletionTokens(completionTokens)
                .build();
    }

    private void open(LoadState.Loaded loaded, Prompt prompt) {
        Pipelines pipelines = new Pipelines(serving);
        Pipeline opened = pipelines.open(request, prompt, loaded, deadline);
        boolean late;
        synchronized (lock) {
            pipeline = opened;
            late = closed;
        }
        if (late) {
            opened.close();
        }
        pipelines.awaitOpened(opened);
    }

    private FinishReason decode(Prompt prompt, Language language, AnswerReader reader) {
        var text = new AnswerText(language.tokenizer().stream(), new StopStrings(prompt.stops()));
        var texts = new TokenTexts(language.tokenizer(), request.getSampling().getLogprobs());
        Set<Integer> stopTokens = language.tokenizer().stopTokens();
        int[] rows = prefill(prompt.tokens());
        while (true) {
            Sample sample;
            try {
                reader.awaitRoom();
                deadline.check();
                sample = opened().appendAndSample(rows);
            } catch (DeadlinePassed e) {
                if (completionTokens == 0) {
                    throw e;
                }
                return end(text, texts, FinishReason.DEADLINE, reader);
            }
            if (completionTokens == 0) {
                reader.firstToken();
            }
            if (stopTokens.contains(sample.token())) {
                return end(text, texts, FinishReason.STOP, reader);
            }
            completionTokens++;
            String shown = text.accept(sample);
            reader.say(shown, completionTokens, texts.of(text.told()));
            if (text.stopped()) {
                return FinishReason.STOP;
            }
            if (sample.last()) {
                return end(text, texts, FinishReason.STOP, reader);
            }
            if (completionTokens == prompt.maxTokens()) {
                return end(text, texts, FinishReason.LENGTH, reader);
            }
            rows = new int[] {sample.token()};
        }
    }

    /** Sends what is not held of the prompt but its last part, which brings the first token. */
    private int[] prefill(int[] tokens) {
        int rows = serving.settings().limits().prefillRows();
        int from = opened().length();
        for (; tokens.length - from > rows; from += rows) {
            deadline.check();
            opened().append(Arrays.copyOfRange(tokens, from, from + rows));
        }
        return Arrays.copyOfRange(tokens, from, tokens.length);
    }

    private FinishReason end(AnswerText text, TokenTexts texts, FinishReason reason, AnswerReader reader) {
        String shown = text.finish();
        reader.say(shown, completionTokens, texts.of(text.told()));
        return text.stopped() ? FinishReason.STOP : reason;
    }

    private Pipeline opened() {
        synchronized (lock) {
            return Objects.requireNonNull(pipeline);
        }
    }

    @Override
    public void close() {
        Pipeline open;
        synchronized (lock) {
            closed = true;
            open = pipeline;
        }
        if (open != null) {
            open.close();
        }
    }
}
