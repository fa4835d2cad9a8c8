package dev.littoral.operator.modeldeployment;

import io.fabric8.kubernetes.api.model.Pod;

/** Where pods are made and ended. */
public interface Pods {

    /** Makes a pod, or takes it over where it is there already. */
    void apply(Pod pod);

    /** Asks a pod to end; one that is gone already is no fault. */
    void delete(String namespace, String name, String uid);

    /** Sets one annotation of a pod, if it is still that pod. */
    void annotate(String namespace, String name, String uid, String key, String value);
}
