package dev.littoral.scheduler.directory;

import dev.littoral.crds.ModelDeployment;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.jboss.logging.Logger;

/** Writes core/v1 Events about ModelDeployments, each on a thread of its own: nobody waits for the API server. */
public final class DeploymentEvents {

    private static final Logger LOG = Logger.getLogger(DeploymentEvents.class);
    private static final String COMPONENT = "littoral-scheduler";

    /** Says why; CamelCase, as the API's conventions ask. */
    public enum Reason {
        /** Answers are no longer as long as they were, and forecasts rest on the prior. */
        AnswerLengthsDrifted
    }

    private final KubernetesClient client;
    private final Clock clock;

    /** Writes through {@code client}, dated by {@code clock}. */
    public DeploymentEvents(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /**
     * Warns of a deployment.
     *
     * @param deployment namespace/name; one that is gone is not warned of
     */
    public void warn(String deployment, Reason reason, String message) {
        Thread.ofVirtual().name("event-" + deployment).start(() -> {
            try {
                write(deployment, reason, message);
            } catch (RuntimeException e) {
                LOG.warnf("the event %s about %s could not be written: %s", reason, deployment, e.getMessage());
            }
        });
    }

    private void write(String deployment, Reason reason, String message) {
        int slash = deployment.indexOf('/');
        ModelDeployment about = client.resources(ModelDeployment.class)
                .inNamespace(deployment.substring(0, slash))
                .withName(deployment.substring(slash + 1))
                .get();
        if (about != null) {
            client.v1().events().resource(event(about, reason, message)).create();
        }
    }

    private Event event(ModelDeployment about, Reason reason, String message) {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        String namespace = about.getMetadata().getNamespace();
        String name = about.getMetadata().getName();
        return new EventBuilder()
                .withNewMetadata()
                .withGenerateName(name + ".")
                .withNamespace(namespace)
                .endMetadata()
                .withType("Warning")
                .withReason(reason.name())
                .withMessage(message)
                .withNewInvolvedObject()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withNamespace(namespace)
                .withName(name)
                .withUid(about.getMetadata().getUid())
                .endInvolvedObject()
                .withNewSource()
                .withComponent(COMPONENT)
                .endSource()
                .withReportingComponent(COMPONENT)
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .build();
    }
}
