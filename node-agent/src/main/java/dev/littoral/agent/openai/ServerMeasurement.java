package dev.littoral.agent.openai;

import dev.littoral.agent.serve.Deadline;
import dev.littoral.agent.serve.Patience;
import dev.littoral.agent.settings.ForwardSettings;
import dev.littoral.agent.stage.MeasuredRates;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.agent.v1.Sampling;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Sends the server two tiny requests, of which the second one counts, since the first one may load the model. Each has
 * a prompt of its own, which no cache of the server knows. A server that streams no counts is asked for the prompt's once
 * more, not streamed. What it does not tell stays 0.
 */
final class ServerMeasurement {

    private static final int PROMPT_NUMBERS = 24;
    private static final int ANSWER_TOKENS = 16;
    private static final double NANOS_PER_SECOND = 1e9;

    private final OpenAiServer server;
    private final ForwardSettings settings;
    private final RandomGenerator random;

    ServerMeasurement(OpenAiServer server, ForwardSettings settings, RandomGenerator random) {
        this.server = server;
        this.settings = settings;
        this.random = random;
    }

    /**
     * Measures.
     *
     * @throws StatusRuntimeException when the server does not answer
     */
    MeasuredRates run() throws InterruptedException {
        // a server may take chats only
        Function<String, GenerateRequest.Builder> kind = ServerMeasurement::text;
        try {
            once(kind);
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.NOT_FOUND
                    && e.getStatus().getCode() != Status.Code.INVALID_ARGUMENT) {
                throw e;
            }
            kind = ServerMeasurement::chat;
            once(kind);
        }
        return once(kind);
    }

    private static GenerateRequest.Builder text(String prompt) {
        return GenerateRequest.newBuilder().setText(prompt);
    }

    private static GenerateRequest.Builder chat(String prompt) {
        GenerateRequest.Builder request = GenerateRequest.newBuilder();
        request.getChatBuilder().addMessagesBuilder().setRole("user").setContent(prompt);
        return request;
    }

    private MeasuredRates once(Function<String, GenerateRequest.Builder> kind) throws InterruptedException {
        String prompt =
                random.ints(PROMPT_NUMBERS, 0, 1000).mapToObj(String::valueOf).collect(Collectors.joining(" "));
        GenerateRequest request = kind.apply(prompt)
                .setSampling(Sampling.newBuilder().setMaxTokens(ANSWER_TOKENS))
                .build();
        Deadline none = Deadline.ofEpochMillis(0, Clock.systemUTC());
        Patience first = new Patience(settings.server().firstEvent(), none);
        Patience later = new Patience(settings.server().nextEvent(), none);
        long sent = System.nanoTime();
        try (ServerStream stream =
                server.send(RequestJson.of(request, settings.server().model()))) {
            stream.awaitBegin(first);
            var answer = new AnswerProgress(ANSWER_TOKENS);
            long firstToken = 0;
            long lastToken = 0;
            while (!answer.complete()) {
                Optional<Chunk> chunk = answer.take(stream.next(answer.begun() ? later : first));
                if (chunk.filter(Chunk::token).isPresent()) {
                    lastToken = System.nanoTime();
                    firstToken = firstToken == 0 ? lastToken : firstToken;
                }
            }
            return rates(answer, promptTokens(answer, request), firstToken - sent, lastToken - firstToken);
        }
    }

    private int promptTokens(AnswerProgress answer, GenerateRequest request) throws InterruptedException {
        if (answer.usage().isPresent()) {
            return answer.usage().get().promptTokens();
        }
        RequestJson counting = RequestJson.counting(request, settings.server().model());
        return server.promptTokens(counting, settings.server().firstEvent()).orElse(0);
    }

    private static MeasuredRates rates(AnswerProgress answer, int prompt, long promptNanos, long answerNanos) {
        int later = answer.completionTokens() - 1;
        return new MeasuredRates(
                promptNanos > 0 ? prompt * NANOS_PER_SECOND / promptNanos : 0,
                later > 0 && answerNanos > 0 ? later * NANOS_PER_SECOND / answerNanos : 0);
    }
}
