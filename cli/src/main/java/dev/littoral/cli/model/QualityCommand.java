package dev.littoral.cli.model;

import dev.littoral.engine.Tokenizer;
import dev.littoral.engine.onnx.OnnxEngine;
import dev.littoral.engine.quality.Divergence;
import dev.littoral.engine.quality.Texts;
import dev.littoral.engine.quality.Texts.Text;
import dev.littoral.engine.text.DjlTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures how far a quantized model's next-token distributions are from the unquantized model's. */
@Command(
        name = "quality",
        mixinStandardHelpOptions = true,
        description = "Measures KL divergence and perplexity of quantized weights against fp32.")
final class QualityCommand implements Callable<Integer> {

    @Spec
    private final CommandSpec spec = CommandSpec.create();

    @Mixin
    private CheckpointFolder checkpoint = new CheckpointFolder();

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
        int context = Pipeline.config(checkpoint.path()).contextTokens();
        try (Tokenizer tokenizer = DjlTokenizer.open(checkpoint.path())) {
            List<Text> texts = new Texts(checkpoint.path(), tokenizer, context).read(prompts);
            int longest =
                    texts.stream().mapToInt(text -> text.tokens().length).max().orElseThrow();
            Divergence divergence = new Divergence();
            try (Pipeline exact = Pipeline.load(
                            new OnnxEngine(), checkpoint.path(), weights.unquantized(), List.of(), longest);
                    Pipeline quantized =
                            Pipeline.load(new OnnxEngine(), checkpoint.path(), weights, List.of(), longest)) {
                texts.forEach(text -> compare(text, exact, quantized, divergence));
            }
            spec.commandLine()
                    .getOut()
                    .printf(
                            Locale.ROOT,
                            "%s, %d positions in %d texts%n"
                                    + "KL divergence from fp32   %.9f nats per token%n"
                                    + "same likeliest token      %.2f %%%n"
                                    + "perplexity                %.4f, fp32 %.4f%n",
                            weights.brief(),
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
}
