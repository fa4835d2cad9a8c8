package dev.littoral.agent;

import dev.littoral.agent.settings.SettingsException;
import dev.littoral.agent.telemetry.TelemetryLoop;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import jakarta.enterprise.inject.Instance;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Runs the agent until the process is told to stop; then lets running sequences end first. */
@QuarkusMain
public final class AgentMain implements QuarkusApplication {

    private static final Logger LOG = Logger.getLogger(AgentMain.class);
    private static final Duration TELEMETRY_PERIOD = Duration.ofSeconds(1);

    private final Instance<AgentRuntime> runtime;
    private final Instance<Optional<TelemetryLoop>> telemetry;

    AgentMain(Instance<AgentRuntime> runtime, Instance<Optional<TelemetryLoop>> telemetry) {
        this.runtime = runtime;
        this.telemetry = telemetry;
    }

    /** Starts the process. */
    public static void main(String... arguments) {
        Quarkus.run(AgentMain.class, arguments);
    }

    /** Gives 0 after a stop that was asked for, 1 when the agent cannot start. */
    @Override
    public int run(String... arguments) throws InterruptedException {
        AgentRuntime agent;
        try {
            agent = runtime.get();
        } catch (RuntimeException e) {
            LOG.error(startProblem(e));
            return 1;
        }
        telemetry.get().ifPresent(loop -> loop.start(TELEMETRY_PERIOD));
        Quarkus.waitForExit();
        LOG.info("stopping: new sequences are refused, running ones may end");
        if (!agent.drain()) {
            LOG.warn("sequences were still running at the end of the drain time; they are ended");
        }
        telemetry.get().ifPresent(TelemetryLoop::close);
        agent.close();
        return 0;
    }

    /** Shows what the user can change, without the trace that a framework puts around it. */
    private static String startProblem(RuntimeException problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof SettingsException || cause instanceof IOException) {
                return String.valueOf(cause.getMessage());
            }
        }
        LOG.error("the agent cannot start", problem);
        return "the agent cannot start: " + problem.getMessage();
    }
}
