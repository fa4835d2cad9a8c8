package dev.littoral.cli;

import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.cli.explain.ExplainCommand;
import dev.littoral.cli.explain.SchedulerException;
import dev.littoral.cli.model.ModelCommand;
import dev.littoral.engine.EngineException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The plugin's entry: {@code kubectl littoral …}. Exit status 0 done, 1 could not be done, 2 wrong usage. */
@Command(
        name = "kubectl-littoral",
        description = "Looks at Littoral's models, and at what its scheduler does.",
        mixinStandardHelpOptions = true,
        version = "kubectl-littoral 0.1.0",
        subcommands = {ModelCommand.class, ExplainCommand.class})
public final class KubectlLittoral implements Runnable {

    @Spec
    private final CommandSpec spec = CommandSpec.create();

    /** Runs a command and ends the process. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** Makes the command line; what it prints can be redirected. */
    static CommandLine commandLine() {
        return new CommandLine(new KubectlLittoral())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((exception, command, parsed) -> explain(exception, command.getErr()));
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Name a command.");
    }

    /** What the user can mend is told in a sentence; everything else is a fault of ours and keeps its trace. */
    private static int explain(Exception exception, PrintWriter err) throws Exception {
        if (exception instanceof CheckpointException
                || exception instanceof EngineException
                || exception instanceof SchedulerException
                || exception instanceof IllegalArgumentException) {
            err.println("error: " + exception.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        if (exception instanceof IOException io) {
            err.println("error: " + told(io));
            return CommandLine.ExitCode.SOFTWARE;
        }
        throw exception;
    }

    /** Java tells of some files their name alone. */
    private static String told(IOException exception) {
        return switch (exception) {
            case NoSuchFileException missing -> missing.getFile() + ": there is no such file or folder; check the path";
            case AccessDeniedException denied ->
                denied.getFile() + ": it may not be read or written; check its permissions";
            case CharacterCodingException wrong -> "a file is not valid UTF-8: " + wrong.getMessage();
            default -> String.valueOf(exception.getMessage());
        };
    }
}
