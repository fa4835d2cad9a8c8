package dev.littoral.scheduler.length;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Says whether lengths are predicted from what prompts say; never a reason not to serve. */
@Readiness
@ApplicationScoped
class LengthHealth implements HealthCheck {

    private final PredictedLengths lengths;

    LengthHealth(PredictedLengths lengths) {
        this.lengths = lengths;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("answer lengths")
                .up()
                .withData("prediction", lengths.reads() ? "Full" : "Degraded")
                .build();
    }
}
