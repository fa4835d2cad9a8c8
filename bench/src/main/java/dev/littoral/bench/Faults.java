package dev.littoral.bench;

import dev.littoral.bench.files.BadInput;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Says in one line why a comparison ended, and gives exit code 1; with the stack trace where it is asked for. */
final class Faults implements IExecutionExceptionHandler {

    private final BooleanSupplier traced;

    Faults(BooleanSupplier traced) {
        this.traced = traced;
    }

    @Override
    public int handleExecutionException(Exception fault, CommandLine command, ParseResult arguments) {
        PrintWriter err = command.getErr();
        if (traced.getAsBoolean()) {
            fault.printStackTrace(err);
        }
        err.println(command.getColorScheme().errorText(line(fault)));
        err.flush();
        return command.getCommandSpec().exitCodeOnExecutionException();
    }

    private static String line(Throwable fault) {
        String line = switch (fault) {
            case UncheckedIOException unchecked -> line(Objects.requireNonNull(unchecked.getCause()));
            case BadInput bad -> message(bad);
            case NoSuchFileException missing -> missing.getFile() + " is missing: put it there, or name another";
            case AccessDeniedException denied ->
                denied.getFile() + " may not be read or written: change its rights, or name another";
            case FileSystemException file -> message(file) + ": name another file or folder";
            case IOException io -> message(io);
            case IllegalArgumentException wrong -> message(wrong);
            default ->
                fault.getClass().getSimpleName() + ": " + message(fault)
                        + " (a fault of the bench: --stack-trace shows where)";
        };
        return line.lines()
                .map(String::strip)
                .reduce((one, next) -> one + " " + next)
                .orElse(line);
    }

    private static String message(Throwable fault) {
        return Objects.requireNonNullElse(fault.getMessage(), fault.getClass().getSimpleName());
    }
}
