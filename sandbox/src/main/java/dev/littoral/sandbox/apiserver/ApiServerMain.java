package dev.littoral.sandbox.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Runs the API server as a process, until it is told to end. */
public final class ApiServerMain {

    private ApiServerMain() {}

    /** Starts the server, writes the kubeconfig, prints the address, and waits. */
    public static void main(String[] arguments) throws InterruptedException {
        try {
            Options options = Options.parse(arguments);
            Files.createDirectories(options.data());
            Files.deleteIfExists(options.kubeconfig());
            List<ObjectNode> definitions = options.definitions().isPresent()
                    ? ApiServer.definitions(options.definitions().get())
                    : List.of();
            ApiServer server = ApiServer.start(options.port(), definitions);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> close(server, options.kubeconfig()), "shutdown"));
            Kubeconfig.write(options.kubeconfig(), server.url());
            System.out.println("api server at " + server.url());
        } catch (IOException | RuntimeException e) {
            System.err.println("api server: " + e.getMessage());
            System.exit(1);
        }
        new CountDownLatch(1).await();
    }

    /** A kubeconfig that outlives its server would lead clients to whoever gets the port next. */
    private static void close(ApiServer server, Path kubeconfig) {
        server.close();
        try {
            Files.deleteIfExists(kubeconfig);
        } catch (IOException e) {
            System.err.println("api server: cannot remove " + kubeconfig + ": " + e.getMessage());
        }
    }
}
