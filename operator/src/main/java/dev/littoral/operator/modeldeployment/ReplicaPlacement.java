package dev.littoral.operator.modeldeployment;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The plan of one replica, in force until it is no longer valid.
 *
 * @param replica index, from 0
 * @param plan identity of the plan
 * @param variant name of the variant
 * @param demand digest of what was asked for
 * @param explanation several lines
 * @param secondsPerToken predicted
 * @param runnerUp the plan that came second and why; null when there was none
 * @param plannedAt RFC 3339
 * @param stages in order
 */
record ReplicaPlacement(
        int replica,
        String plan,
        String variant,
        String demand,
        String explanation,
        double secondsPerToken,
        @Nullable String runnerUp,
        String plannedAt,
        List<PlacedStage> stages) {

    ReplicaPlacement {
        stages = List.copyOf(stages);
    }

    /** Says the placement in few words, such as {@code server-1 [0, 5) + cpu-1 [5, 8)}. */
    String summary() {
        return stages.stream().map(PlacedStage::summary).collect(Collectors.joining("+", variant + ": ", ""));
    }

    /**
     * One stage and its pod.
     *
     * @param pod name of the pod
     * @param endLayer exclusive; 0 where a server answers
     * @param freeBytes what the node had free when the plan was made
     */
    record PlacedStage(
            int index,
            String pod,
            String node,
            int firstLayer,
            int endLayer,
            List<Integer> bits,
            long weightBytes,
            long kvBytes,
            long totalBytes,
            long freeBytes) {

        PlacedStage {
            bits = List.copyOf(bits);
        }

        /** Names the node, and the layers unless a server has them all. */
        private String summary() {
            return endLayer == 0 ? node : "%s[%d,%d)".formatted(node, firstLayer, endLayer);
        }
    }
}
