package dev.littoral.sandbox.node;

import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

/** How this program writes a status: by server-side apply, owning exactly what it sends. */
final class StatusPatch {

    static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("littoral-node")
            .withForce(true)
            .build();

    private StatusPatch() {}
}
