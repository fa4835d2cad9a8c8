package dev.littoral.bench;

import dev.littoral.bench.engine.EngineBench;
import dev.littoral.bench.length.LengthBench;
import dev.littoral.bench.service.SchedulerBench;
import dev.littoral.bench.simulation.RoutingBench;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Runs one comparison by its name: {@code make bench NAME=offloading}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Runs one comparison, prints its table and writes its figures as JSON.",
        subcommands = {
            OffloadingBench.class,
            EngineBench.class,
            SchedulerBench.class,
            QuantizeBench.class,
            QualityBench.class,
            RoutingBench.class,
            LengthBench.class,
            JsonBench.class
        })
public final class BenchMain implements Runnable {

    @Spec
    private final CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--stack-trace",
            scope = ScopeType.INHERIT,
            description = "Shows where a fault came from, beside the line that says what it is.")
    private boolean stackTrace;

    /** Runs the comparison that the arguments name and ends the process. */
    public static void main(String[] arguments) {
        System.exit(command().execute(arguments));
    }

    /** Gives the command line with all comparisons. */
    public static CommandLine command() {
        BenchMain bench = new BenchMain();
        return new CommandLine(bench).setExecutionExceptionHandler(new Faults(() -> bench.stackTrace));
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "Name a comparison: make bench NAME="
                        + String.join("|", spec.subcommands().keySet()));
    }
}
