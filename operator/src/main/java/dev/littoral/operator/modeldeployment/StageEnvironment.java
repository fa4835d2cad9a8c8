package dev.littoral.operator.modeldeployment;

import static dev.littoral.operator.modeldeployment.AgentEnvironment.value;

import dev.littoral.checkpoint.LayerBits;
import dev.littoral.checkpoint.Quantization;
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

    /**
     * Weights are read once per token: on large pages that takes a tenth less time. Only where they all lie in one heap,
     * and not each in a mapping of its own, do most of them come to lie on such pages.
     */
    private static final String LARGE_PAGES =
            "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=4294967296:glibc.malloc.arena_max=1";

    /** Where a claim is mounted in a pod. */
    static final String CLAIM = "/var/lib/littoral/claim";

    /** Where an image is mounted in a pod. */
    static final String IMAGE = "/var/lib/littoral/image";

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
        Quantization quantization = variant.quantization();
        List<EnvVar> environment = new ArrayList<>(AgentEnvironment.identity(owner, placement));
        environment.addAll(checkpoint(demand.place()));
        environment.add(value("LITTORAL_STAGE_FIRST_LAYER", stage.firstLayer()));
        environment.add(value("LITTORAL_STAGE_END_LAYER", stage.endLayer()));
        environment.add(value(
                "LITTORAL_STAGE_BITS",
                quantization.layers().subList(stage.firstLayer(), stage.endLayer()).stream()
                        .map(LayerBits::toString)
                        .collect(Collectors.joining(","))));
        environment.add(value("LITTORAL_STAGE_EDGE_BITS", quantization.headBits()));
        environment.add(value("LITTORAL_STAGE_BLOCK_SIZE", quantization.blocks().size()));
        environment.add(value("LITTORAL_STAGE_SYMMETRIC", quantization.blocks().symmetric()));
        environment.add(value("LITTORAL_STAGE_KV_BITS", variant.kvBits()));
        environment.add(value("LITTORAL_STAGE_CONTEXT_TOKENS", demand.contextTokens()));
        environment.add(value("LITTORAL_STAGE_SLOTS", demand.slots()));
        environment.add(value("LITTORAL_STAGE_THREADS", node.threads()));
        environment.add(value("LITTORAL_STAGE_CACHE", settings.cache()));
        environment.add(value("LITTORAL_PEERS", StagePod.peers()));
        // the runtime reports to its vendor unless told not to before it is loaded
        environment.add(value("ORT_DISABLE_TELEMETRY", 1));
        environment.add(value("GLIBC_TUNABLES", LARGE_PAGES));
        AgentEnvironment.brokers(settings).ifPresent(environment::add);
        return environment;
    }

    private List<EnvVar> checkpoint(Place place) {
        return switch (place) {
            case Place.OnNode(Path folder) -> List.of(value("LITTORAL_CHECKPOINT", folder));
            case Place.InClaim(String claim, String path) ->
                List.of(value("LITTORAL_CHECKPOINT", path.isEmpty() ? CLAIM : CLAIM + "/" + path));
            case Place.InImage image ->
                List.of(value("LITTORAL_CHECKPOINT", image.path().equals("/") ? IMAGE : IMAGE + image.path()));
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
}
