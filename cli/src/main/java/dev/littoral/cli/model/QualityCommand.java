package dev.littoral.cli.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.engine.ChatTurn;
import dev.littoral.engine.Tokenizer;
import dev.littoral.engine.onnx.OnnxEngine;
import dev.littoral.engine.text.DjlTokenizer;
import dev.littoral.engine.text.JinjaChatTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures how far a quantized model's next-token distributions are from the unquantized model's. */
@Command(
        name = "quality",
        mixinStandardHelpOptions = true,
        description = "Measures KL divergence and perplexity of quantized weights against fp32.")
final class QualityCommand implements Callable<Integer> {

    @Spec
    private final CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "DIR", description = "Checkpoint in Hugging Face layout.")
    private Path checkpoint = Path.of("");

    @Option(
            names = "--prompts",
            required = true,
            paramLabel = "FILE",
            description = "JSON lines with \"prompt\" and, if it is to be measured on answers, \"answer\".")
    private Path prompts = Path.of("");

    @Mixin
    private WeightOptions weights = new WeightOptions();

    @Override
    public Integer call() throws IOException {
        int context = Pipeline.config(checkpoint).contextTokens();
        try (Tokenizer tokenizer = DjlTokenizer.open(checkpoint)) {
            List<Text> texts = texts(tokenizer, context);
            int longest =
                    texts.stream().mapToInt(text -> text.tokens().length).max().orElseThrow();
            Divergence divergence = new Divergence();
            try (Pipeline exact =
                            Pipeline.load(new OnnxEngine(), checkpoint, weights.unquantized(), List.of(), longest);
                    Pipeline quantized = Pipeline.load(new OnnxEngine(), checkpoint, weights, List.of(), longest)) {
                texts.forEach(text -> compare(text, exact, quantized, divergence));
            }
            spec.commandLine()
                    .getOut()
                    .printf(
                            Locale.ROOT,
                            "%d bits, block %d, %d positions in %d texts%n"
                                    + "KL divergence from fp32   %.6f nats per token%n"
                                    + "same likeliest token      %.2f %%%n"
                                    + "perplexity                %.4f, fp32 %.4f%n",
                            weights.bits,
                            weights.blockSize,
                            divergence.positions(),
                            texts.size(),
                            divergence.klNats(),
                            100 * divergence.agreement(),
                            divergence.perplexity(),
                            divergence.exactPerplexity());
            spec.commandLine().getOut().flush();
        }
        return 0;
    }

    private static void compare(Text text, Pipeline exact, Pipeline quantized, Divergence divergence) {
        int[] tokens = text.tokens();
        try (Pipeline.Run left = exact.run(tokens.length);
                Pipeline.Run right = quantized.run(tokens.length)) {
            int[] head = Arrays.copyOf(tokens, text.firstMeasured());
            var exactRow = left.forward(head);
            var row = right.forward(head);
            for (int i = text.firstMeasured(); i < tokens.length; i++) {
                divergence.add(exactRow, row, tokens[i]);
                if (i + 1 < tokens.length) {
                    exactRow = left.forward(tokens[i]);
                    row = right.forward(tokens[i]);
                }
            }
        }
    }

    private List<Text> texts(Tokenizer tokenizer, int context) throws IOException {
        List<Text> texts = new ArrayList<>();
        List<String> lines = Files.readAllLines(prompts);
        for (int n = 1; n <= lines.size(); n++) {
            if (!lines.get(n - 1).isBlank()) {
                Text text = text(tokenizer, lines.get(n - 1), n);
                if (text.tokens().length > context) {
                    throw new IllegalArgumentException("%s line %d: %d tokens, but the model's context is %d"
                            .formatted(prompts, n, text.tokens().length, context));
                }
                texts.add(text);
            }
        }
        if (texts.isEmpty()) {
            throw new IllegalArgumentException(prompts + " holds no prompt");
        }
        return texts;
    }

    private Text text(Tokenizer tokenizer, String line, int number) {
        JsonNode record = read(line, number);
        String prompt = record.path("prompt").asText();
        int[] question = JinjaChatTemplate.open(checkpoint)
                .map(template -> tokenizer.encodeRendered(template.render(List.of(new ChatTurn("user", prompt)))))
                .orElseGet(() -> tokenizer.encode(prompt));
        if (question.length < 2) {
            throw new IllegalArgumentException("%s line %d: the prompt is too short".formatted(prompts, number));
        }
        if (!record.path("answer").isTextual()) {
            return new Text(question, 1);
        }
        IntStream answer =
                Arrays.stream(tokenizer.encodeRendered(record.path("answer").textValue()));
        IntStream stop = tokenizer.stopTokens().stream()
                .mapToInt(Integer::intValue)
                .sorted()
                .limit(1);
        return new Text(
                Stream.of(Arrays.stream(question), answer, stop)
                        .flatMapToInt(part -> part)
                        .toArray(),
                question.length);
    }

    private JsonNode read(String line, int number) {
        try {
            JsonNode record = new ObjectMapper().readTree(line);
            if (record.path("prompt").isTextual()) {
                return record;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "%s line %d is not JSON: %s".formatted(prompts, number, e.getOriginalMessage()), e);
        }
        throw new IllegalArgumentException("%s line %d has no text \"prompt\"".formatted(prompts, number));
    }

    /**
     * Tokens to run.
     *
     * @param firstMeasured index of the first token that is to be predicted, at least 1
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    private record Text(int[] tokens, int firstMeasured) {}
}
