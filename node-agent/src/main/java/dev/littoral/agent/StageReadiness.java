package dev.littoral.agent;

import dev.littoral.agent.serve.Serving;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Says ready when the stage is loaded and the next one answers, so that a prompt can run to its end. */
@Readiness
@Singleton
final class StageReadiness implements HealthCheck {

    private final Instance<AgentRuntime> runtime;

    StageReadiness(Instance<AgentRuntime> runtime) {
        this.runtime = runtime;
    }

    @Override
    public HealthCheckResponse call() {
        Serving serving = runtime.get().serving();
        String why = serving.whyNotReady();
        var response = HealthCheckResponse.named("stage").status(serving.ready());
        return (why.isEmpty() ? response : response.withData("message", why)).build();
    }
}
