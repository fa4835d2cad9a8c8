package dev.littoral.sandbox.apiserver.http;

import java.util.Map;

/** Knows the fields of the few kinds that kubectl sends as protobuf, by the numbers of the Kubernetes API. */
final class ProtobufKinds {

    private static final Map<Integer, ProtobufField> OWNER = Map.of(
            1, new ProtobufField.Text("kind"),
            3, new ProtobufField.Text("name"),
            4, new ProtobufField.Text("uid"),
            5, new ProtobufField.Text("apiVersion"),
            6, new ProtobufField.Flag("controller"),
            7, new ProtobufField.Flag("blockOwnerDeletion"));

    private static final ProtobufField METADATA = new ProtobufField.Message(
            "metadata",
            Map.of(
                    1, new ProtobufField.Text("name"),
                    2, new ProtobufField.Text("generateName"),
                    3, new ProtobufField.Text("namespace"),
                    5, new ProtobufField.Text("uid"),
                    6, new ProtobufField.Text("resourceVersion"),
                    11, new ProtobufField.TextMap("labels"),
                    12, new ProtobufField.TextMap("annotations"),
                    13, new ProtobufField.Message("ownerReferences", OWNER, true),
                    14, new ProtobufField.Texts("finalizers")),
            false);

    private static final ProtobufField PORTS = new ProtobufField.Message(
            "ports",
            Map.of(
                    1, new ProtobufField.Text("name"),
                    2, new ProtobufField.Text("protocol"),
                    3, new ProtobufField.WholeNumber("port"),
                    4, new ProtobufField.NumberOrText("targetPort"),
                    5, new ProtobufField.Positive("nodePort"),
                    6, new ProtobufField.Text("appProtocol")),
            true);

    private static final ProtobufField SERVICE = new ProtobufField.Message(
            "spec",
            Map.of(
                    1, PORTS,
                    2, new ProtobufField.TextMap("selector"),
                    3, new ProtobufField.Text("clusterIP"),
                    4, new ProtobufField.Text("type"),
                    5, new ProtobufField.Texts("externalIPs"),
                    7, new ProtobufField.Text("sessionAffinity"),
                    8, new ProtobufField.Text("loadBalancerIP"),
                    10, new ProtobufField.Text("externalName"),
                    13, new ProtobufField.Flag("publishNotReadyAddresses")),
            false);

    /** What the objects of each kind hold, by the kind's name. */
    static final Map<String, Map<Integer, ProtobufField>> KINDS = Map.of(
            "Namespace", Map.of(1, METADATA),
            "ServiceAccount", Map.of(1, METADATA),
            "ConfigMap",
                    Map.of(
                            1, METADATA,
                            2, new ProtobufField.TextMap("data"),
                            3, new ProtobufField.BytesMap("binaryData"),
                            4, new ProtobufField.Flag("immutable")),
            "Secret",
                    Map.of(
                            1, METADATA,
                            2, new ProtobufField.BytesMap("data"),
                            3, new ProtobufField.Text("type"),
                            4, new ProtobufField.TextMap("stringData"),
                            5, new ProtobufField.Flag("immutable")),
            "Service", Map.of(1, METADATA, 2, SERVICE),
            "DeleteOptions",
                    Map.of(
                            1, new ProtobufField.WholeNumber("gracePeriodSeconds"),
                            2,
                                    new ProtobufField.Message(
                                            "preconditions",
                                            Map.of(
                                                    1,
                                                    new ProtobufField.Text("uid"),
                                                    2,
                                                    new ProtobufField.Text("resourceVersion")),
                                            false),
                            4, new ProtobufField.Text("propagationPolicy"),
                            5, new ProtobufField.Texts("dryRun")));

    private ProtobufKinds() {}
}
