package dev.littoral.sandbox.demo;

import dev.littoral.sandbox.demo.Demo.Surroundings;
import dev.littoral.sandbox.process.Arguments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs the main job: {@code --checkout DIR} and optionally {@code --exit 1}, which ends after the last step with status
 * 0 if every step did what it should, else 1.
 */
public final class DemoMain {

    private static final int LOG_LINES = 25;

    private DemoMain() {}

    /** Runs the demo. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Arguments arguments = Arguments.parse(args);
        boolean exit = arguments
                .optional("exit")
                .filter(value -> !value.isBlank() && !value.equals("0"))
                .isPresent();
        Console console = new Console(System.out);
        Layout layout = Layout.fresh(
                Path.of(arguments.required("checkout")).toAbsolutePath().normalize());
        Parts parts = new Parts(layout);
        AtomicBoolean ending = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            ending.set(true);
            parts.close();
        }));
        int status = 0;
        try (LoopbackBlock addresses = LoopbackBlock.take();
                Surroundings surroundings = new Demo(console, layout, parts, addresses).run()) {
            console.step(exit ? "Every step did what it should" : "What to try next (Ctrl-C ends all of it)");
            console.say(surroundings.next());
            if (!exit) {
                new CountDownLatch(1).await();
            }
        } catch (DemoFailure failure) {
            // a Ctrl-C ends the parts too, which is no failure of theirs
            if (!ending.get()) {
                report(console, layout, failure);
            }
            status = 1;
        }
        System.exit(status);
    }

    private static void report(Console console, Layout layout, DemoFailure failure) throws IOException {
        console.endLine("");
        console.endLine("FAILED: " + failure.getMessage());
        List<Path> logs =
                failure.log().map(List::of).orElseGet(() -> List.of(layout.log("operator"), layout.log("scheduler")));
        for (Path log : logs) {
            if (Files.exists(log)) {
                List<String> lines = Files.readAllLines(log);
                console.endLine("the last lines of " + log + ":");
                lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size())
                        .forEach(console::say);
            }
        }
    }
}
