package dev.littoral.operator.status;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Writes core/v1 Events. A lost event is logged: the decision that it tells of stands without it. */
public final class KubernetesEvents implements Events {

    private static final Logger LOG = Logger.getLogger(KubernetesEvents.class);

    /** Bytes that the API server takes as an event's message. */
    private static final int LONGEST_MESSAGE = 1024;

    private static final String COMPONENT = "littoral-operator";

    private final KubernetesClient client;
    private final Clock clock;

    /** Writes through {@code client}, dated by {@code clock}. */
    public KubernetesEvents(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    @Override
    public void normal(HasMetadata about, Reason reason, String message) {
        write(about, "Normal", reason, message);
    }

    @Override
    public void warning(HasMetadata about, Reason reason, String message) {
        write(about, "Warning", reason, message);
    }

    private void write(HasMetadata about, String type, Reason reason, String message) {
        Event event = event(about, type, reason, message);
        try {
            client.v1().events().resource(event).create();
        } catch (KubernetesClientException e) {
            LOG.warnf(e, "Could not write the event %s about %s: %s", reason.name(), name(about), message);
        }
    }

    private Event event(HasMetadata about, String type, Reason reason, String message) {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        String namespace =
                Optional.ofNullable(about.getMetadata().getNamespace()).orElse("default");
        return new EventBuilder()
                .withNewMetadata()
                .withGenerateName(name(about) + ".")
                .withNamespace(namespace)
                .endMetadata()
                .withType(type)
                .withReason(reason.name())
                .withMessage(
                        message.length() <= LONGEST_MESSAGE
                                ? message
                                : message.substring(0, LONGEST_MESSAGE - 3) + "...")
                .withNewInvolvedObject()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withNamespace(namespace)
                .withName(name(about))
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

    private static String name(HasMetadata about) {
        return about.getMetadata().getName();
    }
}
