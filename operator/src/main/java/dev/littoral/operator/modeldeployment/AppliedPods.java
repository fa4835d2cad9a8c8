package dev.littoral.operator.modeldeployment;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;

/** Makes pods by server-side apply; the annotation has a field manager of its own, so that neither takes from the other. */
public final class AppliedPods implements Pods {

    private static final String MANAGER = "littoral-operator";
    private static final String LINK_MANAGER = "littoral-operator-links";

    private final KubernetesClient client;

    /** Works through {@code client}. */
    public AppliedPods(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public void apply(Pod pod) {
        client.pods().resource(pod).patch(serverSideApply(MANAGER), pod);
    }

    @Override
    public void delete(String namespace, String name, String uid) {
        Pod pod = identity(namespace, name, uid).build();
        client.pods()
                .resource(pod)
                .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                .delete();
    }

    @Override
    public void annotate(String namespace, String name, String uid, String key, String value) {
        Pod pod = identity(namespace, name, uid)
                .editMetadata()
                .addToAnnotations(key, value)
                .endMetadata()
                .build();
        try {
            client.pods().resource(pod).patch(serverSideApply(LINK_MANAGER), pod);
        } catch (KubernetesClientException e) {
            // Another pod has the name by now, or none: its own event brings the next reconciliation.
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
        }
    }

    private static PodBuilder identity(String namespace, String name, String uid) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withUid(uid)
                .endMetadata();
    }

    private static PatchContext serverSideApply(String manager) {
        return new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(manager)
                .withForce(true)
                .build();
    }
}
