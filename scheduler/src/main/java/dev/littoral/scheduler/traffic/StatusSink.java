package dev.littoral.scheduler.traffic;

import dev.littoral.crds.ModelDeployment;
import dev.littoral.protocol.events.SchedulerTelemetry.Traffic;
import dev.littoral.scheduler.directory.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Locale;
import org.jboss.logging.Logger;

/**
 * Writes {@code status.tokensPerSecond} and {@code status.queue} of a ModelDeployment by server-side apply. It sends these
 * two fields and nothing else, so it owns these two and the operator all others.
 */
public final class StatusSink implements TrafficSink {

    /** Field manager of all schedulers. */
    public static final String FIELD_MANAGER = "littoral-scheduler";

    private static final Logger LOG = Logger.getLogger(StatusSink.class);
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(FIELD_MANAGER)
            .withForce(true)
            .build();

    private final KubernetesClient client;

    /** Writes through this client. */
    public StatusSink(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public boolean write(Deployment deployment, Traffic traffic) {
        try {
            client.resources(ModelDeployment.class)
                    .inNamespace(deployment.namespace())
                    .withName(deployment.name())
                    .subresource("status")
                    .patch(APPLY, body(deployment, traffic));
            return true;
        } catch (KubernetesClientException e) {
            LOG.debugf("the traffic of %s is not written: %s", deployment.key(), e.getMessage());
            return false;
        }
    }

    private static String body(Deployment deployment, Traffic traffic) {
        // names of resources need no escapes in JSON
        return String.format(
                Locale.ROOT,
                """
                {"apiVersion": "littoral.dev/v1alpha1", "kind": "ModelDeployment",
                 "metadata": {"namespace": "%s", "name": "%s"},
                 "status": {"tokensPerSecond": %.1f, "queue": %d}}
                """,
                deployment.namespace(),
                deployment.name(),
                traffic.tokensPerSecond(),
                traffic.waiting());
    }
}
