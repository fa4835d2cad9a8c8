package dev.littoral.cli.model;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Groups what can be done with a checkpoint. */
@Command(
        name = "model",
        description = "Looks into a checkpoint or runs it here, without a cluster.",
        mixinStandardHelpOptions = true,
        subcommands = {
            InspectCommand.class,
            LogitsCommand.class,
            GenerateCommand.class,
            QualityCommand.class,
            CalibrateCommand.class
        })
public final class ModelCommand implements Runnable {

    @Spec
    private final CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "Name a command: inspect, logits, generate, quality or calibrate.");
    }
}
