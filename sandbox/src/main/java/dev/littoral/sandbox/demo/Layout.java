package dev.littoral.sandbox.demo;

import dev.littoral.sandbox.process.Leftovers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a demo finds its parts and keeps its state.
 *
 * @param checkout the project's root
 * @param state this run's own folder below {@code target/demo}
 */
record Layout(Path checkout, Path state) {

    /** Makes a folder for this run, and clears away the folders and processes of runs that have crashed. */
    static Layout fresh(Path checkout) {
        try {
            Path runs = checkout.resolve("target/demo");
            Files.createDirectories(runs);
            Leftovers.clear(runs);
            Path state = runs.resolve("run-" + ProcessHandle.current().pid());
            Files.createDirectories(state.resolve("logs"));
            return new Layout(checkout, state);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the demo's folder below target/", e);
        }
    }

    Path log(String name) {
        return state.resolve("logs").resolve(name + ".log");
    }

    Path kubeconfig() {
        return state.resolve("kubeconfig");
    }

    Path models() {
        return checkout.resolve("models");
    }

    Path quickstart() {
        return checkout.resolve("examples/quickstart");
    }

    Path quarkusApp(String module) {
        return checkout.resolve(module).resolve("target/quarkus-app/quarkus-run.jar");
    }

    String sandboxClasspath() {
        Path target = checkout.resolve("sandbox/target");
        return target.resolve("classes") + java.io.File.pathSeparator + target.resolve("lib") + "/*";
    }
}
