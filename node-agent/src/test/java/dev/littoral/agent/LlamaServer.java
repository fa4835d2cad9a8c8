package dev.littoral.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Is the server of llama-cpp-python as people start it, with the trained target as a GGUF file. */
final class LlamaServer {

    static final String MODEL = "trained-target";

    private static final Path CONVERTER = Path.of("src/test/python/to_gguf.py");

    private final Process process;

    private LlamaServer(Process process) {
        this.process = process;
    }

    /** Converts the trained target with the same Python, which has the package {@code gguf}. */
    static Path convert(Path python, Path folder) throws IOException, InterruptedException {
        Path file = folder.resolve("target.gguf");
        Path log = folder.resolve("convert.log");
        Process converter = new ProcessBuilder(
                        python.toString(), CONVERTER.toString(), "../models/target", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!converter.waitFor(5, TimeUnit.MINUTES) || converter.exitValue() != 0) {
            converter.destroyForcibly();
            throw new IllegalStateException("the model could not be converted: " + Files.readString(log));
        }
        return file;
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    static LlamaServer start(Path python, Path model, int port, Path log) throws IOException {
        var builder = new ProcessBuilder(List.of(
                        python.toString(),
                        "-m",
                        "llama_cpp.server",
                        "--model",
                        model.toString(),
                        "--model_alias",
                        MODEL,
                        "--host",
                        "127.0.0.1",
                        "--port",
                        String.valueOf(port),
                        "--n_ctx",
                        String.valueOf(OpenAiAgent.CONTEXT),
                        "--n_threads",
                        "1",
                        "--api_key",
                        "secret"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new LlamaServer(builder.start());
    }

    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
