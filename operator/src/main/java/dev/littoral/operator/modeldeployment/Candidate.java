package dev.littoral.operator.modeldeployment;

import dev.littoral.algorithms.placement.Node;
import dev.littoral.crds.DeviceProfile;
import dev.littoral.operator.cluster.PoolMember;
import java.util.Objects;

/**
 * A node on which a deployment may run.
 *
 * @param member the node as its pool sees it
 * @param freeBytes memory that neither pods of others nor plans of others take; own pods do not count
 * @param unheldBytes memory that neither any pod nor plans of others take
 */
record Candidate(PoolMember member, long freeBytes, long unheldBytes) {

    String name() {
        return member.facts().name();
    }

    /** Says whether what runs there still runs. */
    boolean alive() {
        return member.facts().alive();
    }

    /** Says whether new stages can go there. */
    boolean placeable() {
        return member.obstacle().isEmpty();
    }

    int threads() {
        return Objects.requireNonNull(member.profile().threads(), "threads");
    }

    /** Gives the node to the planner with less free memory than it has. */
    Node minus(long takenBytes) {
        DeviceProfile profile = member.profile();
        return new Node(
                name(),
                Math.max(0, freeBytes - takenBytes),
                Objects.requireNonNull(profile.gflops(), "gflops") * 1e9,
                Objects.requireNonNull(profile.memoryBandwidthBytesPerSecond(), "memoryBandwidthBytesPerSecond"),
                Objects.requireNonNull(profile.linkBytesPerSecond(), "linkBytesPerSecond"),
                Objects.requireNonNull(profile.linkLatencySeconds(), "linkLatencySeconds"));
    }

    /**
     * Says what of the profile matters to a plan. A figure counts as changed when it leaves its step of 25 %, so that
     * profiles that are measured again and again do not make new plans.
     */
    String profileKey() {
        DeviceProfile profile = member.profile();
        return "%s:%d:%d:%d:%d:%d"
                .formatted(
                        name(),
                        threads(),
                        step(Objects.requireNonNull(profile.gflops())),
                        step(Objects.requireNonNull(profile.memoryBandwidthBytesPerSecond())),
                        step(Objects.requireNonNull(profile.linkBytesPerSecond())),
                        step(Objects.requireNonNull(profile.linkLatencySeconds())));
    }

    private static long step(double figure) {
        return figure <= 0 ? Long.MIN_VALUE : Math.round(Math.log(figure) / Math.log(1.25));
    }
}
