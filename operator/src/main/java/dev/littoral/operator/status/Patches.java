package dev.littoral.operator.status;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.util.function.Supplier;

/** Makes status patches that hold name, namespace and status only: server-side apply owns exactly what it is sent. */
public final class Patches {

    private Patches() {}

    /** Patches the status where it is another one, else does nothing. */
    public static <S, T extends CustomResource<?, S>> UpdateControl<T> status(T seen, S next, Supplier<T> empty) {
        if (next.equals(seen.getStatus())) {
            return UpdateControl.noUpdate();
        }
        return UpdateControl.patchStatus(resource(seen, next, empty));
    }

    /** Makes the resource that a status patch sends. */
    public static <S, T extends CustomResource<?, S>> T resource(T seen, S next, Supplier<T> empty) {
        T patch = empty.get();
        patch.setMetadata(identity(seen.getMetadata()));
        patch.setStatus(next);
        return patch;
    }

    private static ObjectMeta identity(ObjectMeta seen) {
        return new ObjectMetaBuilder()
                .withName(seen.getName())
                .withNamespace(seen.getNamespace())
                .build();
    }
}
