package dev.littoral.sandbox.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.util.List;

/** Lays out the table of pods. */
final class PodColumns {

    private PodColumns() {}

    static List<Column> columns() {
        return List.of(
                BuiltInColumns.text("Ready", "Containers that are ready, of all.", PodColumns::ready),
                BuiltInColumns.text("Status", "State of the containers together.", PodColumns::status),
                new Column(
                        "Restarts", "string", "", "How often containers were restarted.", false, PodColumns::restarts),
                BuiltInColumns.wide("IP", "Address of the pod.", BuiltInColumns.at("/status/podIP", "<none>")),
                BuiltInColumns.wide("Node", "Node of the pod.", BuiltInColumns.at("/spec/nodeName", "<none>")),
                BuiltInColumns.wide(
                        "Nominated Node",
                        "Node that a preempting pod waits for.",
                        BuiltInColumns.at("/status/nominatedNodeName", "<none>")),
                BuiltInColumns.wide("Readiness Gates", "Further conditions of readiness.", pod -> "<none>"));
    }

    private static String ready(JsonNode pod) {
        int ready = 0;
        for (JsonNode container : pod.at("/status/containerStatuses")) {
            ready += container.path("ready").asBoolean() ? 1 : 0;
        }
        return ready + "/" + pod.at("/spec/containers").size();
    }

    /** A deleted pod is Terminating, or Unknown where its node is lost; else a container's trouble outranks the phase. */
    private static String status(JsonNode pod) {
        String text = pod.at("/status/reason").asText(pod.at("/status/phase").asText("Unknown"));
        for (JsonNode container : pod.at("/status/containerStatuses")) {
            JsonNode waiting = container.at("/state/waiting/reason");
            JsonNode terminated = container.at("/state/terminated");
            if (!waiting.asText("").isEmpty()) {
                text = waiting.asText();
            } else if (!terminated.path("reason").asText("").isEmpty()) {
                text = terminated.path("reason").asText();
            } else if (terminated.isObject()) {
                text = terminated.path("signal").asInt() != 0
                        ? "Signal:" + terminated.path("signal").asInt()
                        : "ExitCode:" + terminated.path("exitCode").asInt();
            }
        }
        if (pod.path("metadata").hasNonNull("deletionTimestamp")) {
            return pod.at("/status/reason").asText("").equals("NodeLost") ? "Unknown" : "Terminating";
        }
        return text;
    }

    private static JsonNode restarts(JsonNode pod, Instant now) {
        int restarts = 0;
        String last = "";
        for (JsonNode container : pod.at("/status/containerStatuses")) {
            restarts += container.path("restartCount").asInt();
            String finished = container.at("/lastState/terminated/finishedAt").asText("");
            last = finished.compareTo(last) > 0 ? finished : last;
        }
        boolean dated = restarts > 0 && !last.isEmpty();
        return TextNode.valueOf(dated ? restarts + " (" + Ages.since(last, now) + " ago)" : String.valueOf(restarts));
    }
}
