package dev.littoral.cli.model;

import dev.littoral.engine.ChatTurn;
import dev.littoral.engine.Sample;
import dev.littoral.engine.Sampler;
import dev.littoral.engine.Sampling;
import dev.littoral.engine.TokenStream;
import dev.littoral.engine.Tokenizer;
import dev.littoral.engine.json.JsonAnswer;
import dev.littoral.engine.json.JsonTokens;
import dev.littoral.engine.onnx.OnnxEngine;
import dev.littoral.engine.text.DjlTokenizer;
import dev.littoral.engine.text.JinjaChatTemplate;
import dev.littoral.engine.text.VocabularyFile;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Answers a prompt here. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = "Answers a prompt with a checkpoint on this machine, as it is written.")
final class GenerateCommand implements Callable<Integer> {

    private static final int MOST_TOKENS = 256;

    @Spec
    private final CommandSpec spec = CommandSpec.create();

    @Mixin
    private CheckpointFolder checkpoint = new CheckpointFolder();

    @Option(names = "--prompt", required = true, paramLabel = "TEXT", description = "What the user says.")
    private String prompt = "";

    @Option(names = "--raw", description = "Continues the text, without the chat template.")
    private boolean raw;

    @Option(
            names = "--temperature",
            defaultValue = "0",
            paramLabel = "T",
            description = "0 takes the likeliest token; default ${DEFAULT-VALUE}.")
    private double temperature;

    @Option(names = "--top-p", defaultValue = "1", paramLabel = "P", description = "Joint probability that is kept.")
    private double topP;

    @Option(names = "--top-k", defaultValue = "0", paramLabel = "K", description = "Tokens that are kept; 0: all.")
    private int topK;

    @Option(names = "--json", description = "Takes only tokens with which the answer is a JSON object.")
    private boolean json;

    @Option(names = "--seed", paramLabel = "N", description = "Makes the choice repeatable.")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "Most tokens of the answer; default " + MOST_TOKENS + " or what the context leaves.")
    private Optional<Integer> maxTokens = Optional.empty();

    @Mixin
    private WeightOptions weights = new WeightOptions();

    @Override
    public Integer call() {
        Sampling sampling =
                new Sampling(temperature, topP, topK, seed.map(OptionalLong::of).orElseGet(OptionalLong::empty));
        int context = Pipeline.config(checkpoint.path()).contextTokens();
        try (Tokenizer tokenizer = DjlTokenizer.open(checkpoint.path())) {
            int[] question = question(tokenizer);
            if (question.length == 0) {
                throw new IllegalArgumentException("--prompt has no token to go on from: say something");
            }
            if (question.length >= context) {
                throw new IllegalArgumentException(
                        "--prompt has %d tokens, but the model's context is %d".formatted(question.length, context));
            }
            int room = Math.min(maxTokens.orElse(MOST_TOKENS), context - question.length);
            if (room < 1) {
                throw new IllegalArgumentException("--max-tokens must be at least 1");
            }
            try (Pipeline pipeline = Pipeline.load(
                            new OnnxEngine(), checkpoint.path(), weights, List.of(), question.length + room);
                    Pipeline.Run run = pipeline.run(question.length + room)) {
                answer(tokenizer, run, sampler(sampling), question, room);
            }
        }
        return 0;
    }

    private Sampler sampler(Sampling sampling) {
        return json
                ? new Sampler(sampling, new JsonAnswer(new JsonTokens(VocabularyFile.read(checkpoint.path()))))
                : new Sampler(sampling);
    }

    private int[] question(Tokenizer tokenizer) {
        return raw
                ? tokenizer.encode(prompt)
                : JinjaChatTemplate.open(checkpoint.path())
                        .map(template ->
                                tokenizer.encodeRendered(template.render(List.of(new ChatTurn("user", prompt)))))
                        .orElseGet(() -> tokenizer.encode(prompt));
    }

    private void answer(Tokenizer tokenizer, Pipeline.Run run, Sampler sampler, int[] question, int room) {
        PrintWriter out = spec.commandLine().getOut();
        TokenStream text = tokenizer.stream();
        long begin = System.nanoTime();
        Sample newest = sampler.sample(run.forward(question));
        long first = System.nanoTime();
        int written = 0;
        while (written < room && !tokenizer.stopTokens().contains(newest.token())) {
            out.print(text.accept(newest.token()));
            out.flush();
            written++;
            if (newest.last()) {
                break;
            }
            if (written < room) {
                newest = sampler.sample(run.forward(newest.token()));
            }
        }
        out.println(text.finish());
        out.flush();
        double decodeSeconds = (System.nanoTime() - first) / 1e9;
        spec.commandLine()
                .getErr()
                .printf(
                        Locale.ROOT,
                        "%d prompt tokens, first token after %.0f ms, then %.1f tokens/s%n",
                        question.length,
                        (first - begin) / 1e6,
                        Math.max(0, written - 1) / Math.max(decodeSeconds, 1e-9));
    }
}
