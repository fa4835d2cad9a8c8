package dev.littoral.bench.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Sets up llama.cpp in a virtual environment and converts models for it; each is done once. */
final class LlamaFiles {

    private final Path work;
    private final Path script;
    private final Path python;

    LlamaFiles(Path work, Path python, List<String> packages) throws IOException {
        this.work = work;
        this.script = work.resolve("llama_peer.py");
        try (InputStream source =
                Objects.requireNonNull(LlamaFiles.class.getResourceAsStream("/engine/llama_peer.py"))) {
            Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
        }
        this.python = python.toString().isEmpty() ? environment(packages) : python;
    }

    private Path environment(List<String> packages) throws IOException {
        Path home = work.resolve("llama");
        Path made = home.resolve("made");
        Path program = home.resolve("bin").resolve("python");
        if (!Files.exists(made)) {
            System.out.println("building llama.cpp in " + home + " (some 15 minutes on two processors, once) ...");
            run(List.of("python3", "-m", "venv", home.toString()));
            List<String> install = new ArrayList<>(List.of(program.toString(), "-m", "pip", "install", "-q"));
            install.addAll(packages);
            run(install);
            Files.createFile(made);
        }
        return program;
    }

    /** Returns the command that serves the model at the given bits, converted first where it is not. */
    List<String> serve(Path model, int bits, int context, int slots, int threads) throws IOException {
        Path converted = work.resolve(model.getFileName() + "-" + bits + ".gguf");
        if (!Files.exists(converted)) {
            run(List.of(
                    python.toString(),
                    script.toString(),
                    "convert",
                    model.toString(),
                    converted.toString(),
                    "" + bits));
        }
        return List.of(
                python.toString(),
                script.toString(),
                "serve",
                converted.toString(),
                "" + context,
                "" + slots,
                "" + threads);
    }

    private static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        try {
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(String.join(" ", command) + " ends with " + status);
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
