package dev.littoral.operator.modeldeployment;

import dev.littoral.crds.ModelDeployment;
import dev.littoral.operator.languagemodel.Place;
import dev.littoral.operator.modeldeployment.Demand.DemandedVariant;
import dev.littoral.operator.modeldeployment.ReplicaPlacement.PlacedStage;
import dev.littoral.operator.settings.OperatorSettings.Agent;
import dev.littoral.operator.settings.OperatorSettings.Source;
import dev.littoral.operator.settings.SourceEnvironment;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Spells the environment from which an agent takes its settings. */
record StageEnvironment(Agent settings, Source sources) {

    /** Where a claim is mounted in a pod. */
    static final String CLAIM = "/var/lib/littoral/claim";

    /** Keys of a source's secret, and the variables that agents know them by. */
    private static final Map<String, String> KEYS = new TreeMap<>(Map.of(
            "HF_TOKEN", "HF_TOKEN",
            "AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN", "AWS_SESSION_TOKEN",
            "AWS_ENDPOINT_URL", "LITTORAL_SOURCE_S3_ENDPOINT",
            "AWS_REGION", "LITTORAL_SOURCE_S3_REGION",
            "username", "LITTORAL_SOURCE_USERNAME",
            "password", "LITTORAL_SOURCE_PASSWORD",
            "token", "LITTORAL_SOURCE_TOKEN",
            ".dockerconfigjson", "LITTORAL_SOURCE_DOCKERCONFIGJSON"));


    List<EnvVar> of(
            ModelDeployment owner,
            Demand demand,
            DemandedVariant variant,
            ReplicaPlacement placement,
            PlacedStage stage,
            Candidate node) {
        String name = owner.getMetadata().getName();
        List<EnvVar> environment = new ArrayList<>();
        environment.add(field("LITTORAL_POD", "metadata.name"));
        environment.add(field("LITTORAL_NODE", "spec.nodeName"));
        environment.add(field("LITTORAL_BIND", "status.podIP"));
        environment.add(value("LITTORAL_DEPLOYMENT", owner.getMetadata().getNamespace() + "/" + name));
        environment.add(value("LITTORAL_PLAN", placement.plan()));
        environment.add(value("LITTORAL_MODEL", name));
        environment.addAll(checkpoint(demand.place()));
        environment.add(value("LITTORAL_STAGE_FIRST_LAYER", stage.firstLayer()));
        environment.add(value("LITTORAL_STAGE_END_LAYER", stage.endLayer()));
        environment.add(value(
                "LITTORAL_STAGE_BITS",
                stage.bits().stream().map(String::valueOf).collect(Collectors.joining(","))));
        environment.add(value("LITTORAL_STAGE_EDGE_BITS", variant.edgeBits()));
        environment.add(value("LITTORAL_STAGE_BLOCK_SIZE", variant.groupSize()));
        environment.add(value("LITTORAL_STAGE_CONTEXT_TOKENS", demand.contextTokens()));
        environment.add(value("LITTORAL_STAGE_SLOTS", demand.slots()));
        environment.add(value("LITTORAL_STAGE_THREADS", node.threads()));
        environment.add(value("LITTORAL_STAGE_CACHE", settings.cache()));
        environment.add(value("LITTORAL_PEERS", StagePod.peers()));
        // the runtime reports to its vendor unless told not to before it is loaded
        environment.add(value("ORT_DISABLE_TELEMETRY", 1));
        // weights are read once per token: on large pages that takes a tenth less time
        environment.add(value("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1"));
        settings.kafkaBootstrapServers()
                .ifPresent(servers -> environment.add(value("KAFKA_BOOTSTRAP_SERVERS", servers)));
        return environment;
    }

    private List<EnvVar> checkpoint(Place place) {
        return switch (place) {
            case Place.OnNode(Path folder) -> List.of(value("LITTORAL_CHECKPOINT", folder));
            case Place.InClaim(String claim, String path) ->
                List.of(value("LITTORAL_CHECKPOINT", path.isEmpty() ? CLAIM : CLAIM + "/" + path));
            case Place.Downloaded downloaded -> downloaded(downloaded);
        };
    }

    private List<EnvVar> downloaded(Place.Downloaded place) {
        List<EnvVar> environment = new ArrayList<>();
        environment.add(value("LITTORAL_SOURCE_URI", place.uri()));
        place.sha256().ifPresent(sha256 -> environment.add(value("LITTORAL_SOURCE_SHA256", sha256)));
        environment.add(value("LITTORAL_SOURCE_CACHE", settings.checkpoints()));
        SourceEnvironment.of(sources).forEach((name, text) -> environment.add(value(name, text)));
        place.secretName().ifPresent(secret -> KEYS.forEach((key, name) -> environment.add(secret(name, secret, key))));
        return environment;
    }

    /** Optional, since a secret has the keys of one kind of source. */
    private static EnvVar secret(String name, String secret, String key) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewSecretKeyRef(key, secret, true)
                .endValueFrom()
                .build();
    }

    private static EnvVar value(String name, Object value) {
        return new EnvVarBuilder().withName(name).withValue(value.toString()).build();
    }

    private static EnvVar field(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef()
                .withFieldPath(path)
                .endFieldRef()
                .endValueFrom()
                .build();
    }
}
