package dev.littoral.operator.languagemodel;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Asks the API server for a secret each time, so that none is kept in memory. */
public final class KubernetesSecrets implements Secrets {

    private final KubernetesClient client;

    /** Makes one that asks by {@code client}. */
    public KubernetesSecrets(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public Optional<Map<String, String>> find(String namespace, String name) {
        return Optional.ofNullable(
                        client.secrets().inNamespace(namespace).withName(name).get())
                .map(KubernetesSecrets::values);
    }

    private static Map<String, String> values(Secret secret) {
        Map<String, String> values = new HashMap<>();
        Optional.ofNullable(secret.getData())
                .orElse(Map.of())
                .forEach((key, value) ->
                        values.put(key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
        return values;
    }
}
