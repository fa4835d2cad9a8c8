package dev.littoral.agent;

import dev.littoral.agent.serve.BackendState;
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
        BackendState state = runtime.get().state();
        String why = state.whyNotReady();
        var response = HealthCheckResponse.named("stage").status(state.ready());
        return (why.isEmpty() ? response : response.withData("message", why)).build();
    }
}
