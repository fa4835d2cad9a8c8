package dev.littoral.operator.modeldeployment;

import dev.littoral.crds.DevicePool;
import java.util.List;

/** What came of looking up the names in a deployment. */
sealed interface Resolution {

    /**
     * Every name leads somewhere.
     *
     * @param pools in the order of the spec
     */
    record Complete(Demand demand, List<DevicePool> pools) implements Resolution {}

    /**
     * Servers on the nodes answer.
     *
     * @param pools in the order of the spec
     */
    record Served(ServerDemand demand, List<DevicePool> pools) implements Resolution {}

    /** A name leads nowhere, or to something that is not ready. */
    record Incomplete(DeploymentReason reason, String message) implements Resolution {}
}
