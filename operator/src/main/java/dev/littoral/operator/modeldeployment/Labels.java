package dev.littoral.operator.modeldeployment;

import java.util.Map;
import java.util.TreeMap;

/** Labels and annotations of the pods that the operator makes. */
final class Labels {

    static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    static final String OPERATOR = "littoral-operator";
    static final String DEPLOYMENT = "littoral.dev/deployment";
    static final String PLAN = "littoral.dev/plan";
    static final String REPLICA = "littoral.dev/replica";
    static final String STAGE = "littoral.dev/stage";

    /** Annotation with {@code ip:port} of the next stage's agent. */
    static final String NEXT = "littoral.dev/next";

    private Labels() {}

    static Map<String, String> of(String deployment, String plan, int replica, int stage) {
        return new TreeMap<>(Map.of(
                "app.kubernetes.io/name",
                "littoral-agent",
                "app.kubernetes.io/instance",
                deployment,
                "app.kubernetes.io/component",
                "agent",
                "app.kubernetes.io/part-of",
                "littoral",
                MANAGED_BY,
                OPERATOR,
                DEPLOYMENT,
                deployment,
                PLAN,
                plan,
                REPLICA,
                String.valueOf(replica),
                STAGE,
                String.valueOf(stage)));
    }

    /** Selects one pod per replica, so that what scales by pods counts replicas. */
    static String firstStagesOf(String deployment) {
        return "%s=%s,%s=0".formatted(DEPLOYMENT, deployment, STAGE);
    }
}
