package dev.littoral.cli.model;

import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.engine.Tokenizer;
import dev.littoral.engine.onnx.OnnxCalibrator;
import dev.littoral.engine.quality.Texts;
import dev.littoral.engine.quantize.Calibration;
import dev.littoral.engine.text.DjlTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes down what a checkpoint's matrices meet while it answers, so that fewer bits lose less. */
@Command(
        name = "calibrate",
        mixinStandardHelpOptions = true,
        description = {
            "Runs prompts through a checkpoint and writes what its matrices are multiplied by to " + Calibration.FILE
                    + " beside its weights.",
            "Whatever is quantized from then on is rounded by it; a KV cache of 8 bits needs it."
        })
final class CalibrateCommand implements Callable<Integer> {

    @Spec
    private final CommandSpec spec = CommandSpec.create();

    @Mixin
    private CheckpointFolder checkpoint = new CheckpointFolder();

    @Option(
            names = "--prompts",
            required = true,
            paramLabel = "FILE",
            description = "JSON lines with \"prompt\" and, better, \"answer\"; none that quality is measured on.")
    private Path prompts = Path.of("");

    @Option(
            names = "--reach",
            defaultValue = "256",
            paramLabel = "N",
            description = "Columns that make up for each other; more loses less and takes a larger file;"
                    + " default ${DEFAULT-VALUE}.")
    private int reach;

    @Option(names = "--out", paramLabel = "FILE", description = "Default: " + Calibration.FILE + " in DIR.")
    private Optional<Path> out = Optional.empty();

    @Mixin
    private MachineOptions machine = new MachineOptions();

    @Override
    public Integer call() throws IOException {
        ModelConfig config = Pipeline.config(checkpoint.path());
        Path target = out.orElseGet(() -> checkpoint.path().resolve(Calibration.FILE));
        try (Tokenizer tokenizer = DjlTokenizer.open(checkpoint.path())) {
            List<int[]> texts = new Texts(checkpoint.path(), tokenizer, config.contextTokens())
                    .read(prompts).stream().map(Texts.Text::tokens).toList();
            new OnnxCalibrator(checkpoint.path(), machine.cache(), machine.threads(), reach)
                    .calibrate(texts, target, (done, total, step) -> {
                        spec.commandLine().getErr().printf("%d of %d: %s%n", done, total, step);
                        spec.commandLine().getErr().flush();
                    });
            spec.commandLine()
                    .getOut()
                    .printf(
                            Locale.ROOT,
                            "%d tokens of %d texts, %,d bytes in %s%n",
                            texts.stream().mapToInt(text -> text.length).sum(),
                            texts.size(),
                            Files.size(target),
                            target);
            spec.commandLine().getOut().flush();
        }
        return 0;
    }
}
