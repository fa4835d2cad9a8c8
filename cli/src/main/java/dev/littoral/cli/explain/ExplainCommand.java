package dev.littoral.cli.explain;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says why a scheduler sends requests where it does. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = "Says what waits, how promises stand, and why requests went where they went.")
public final class ExplainCommand implements Callable<Integer> {

    @Spec
    private final CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--scheduler",
            paramLabel = "URL",
            defaultValue = "${env:LITTORAL_SCHEDULER:-http://localhost:8080}",
            description = "The scheduler's HTTP address; default ${DEFAULT-VALUE}.")
    private String scheduler = "";

    @Option(names = "--model", paramLabel = "NAME", description = "Of one deployment only: name or namespace/name.")
    private Optional<String> model = Optional.empty();

    @Option(names = "--routes", paramLabel = "N", defaultValue = "5", description = "How many routes, at most 64.")
    private int routes;

    @Option(names = "--json", description = "As the scheduler says it.")
    private boolean json;

    @Override
    public Integer call() {
        if (routes < 0) {
            throw new IllegalArgumentException("--routes must be at least 0");
        }
        JsonNode told = Scheduler.at(scheduler).routes(model);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(told.toPrettyString());
            out.flush();
        } else {
            new Explanation(out).write(told, routes);
        }
        return 0;
    }
}
