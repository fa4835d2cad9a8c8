package dev.littoral.operator.devicepool;

import dev.littoral.crds.Condition;
import dev.littoral.crds.DevicePoolSpec;
import dev.littoral.crds.DevicePoolStatus;
import dev.littoral.crds.PoolNode;
import dev.littoral.operator.cluster.PoolMember;
import dev.littoral.operator.settings.ByteCount;
import dev.littoral.operator.status.Conditions;
import dev.littoral.operator.status.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes the members of a pool into its status. */
public final class PoolStatuses {

    private final Conditions conditions;

    /** Dates conditions by {@code conditions}. */
    public PoolStatuses(Conditions conditions) {
        this.conditions = conditions;
    }

    /**
     * Judges the members of a pool.
     *
     * @return NoNodes, NodesNotReady, or NodesReady with what is assumed rather than known
     */
    static Verdict verdict(DevicePoolSpec pool, List<PoolMember> members) {
        if (members.isEmpty()) {
            return Verdict.no(
                    PoolReason.NoNodes,
                    "no node carries the labels %s; label one with `kubectl label node NAME %s`"
                            .formatted(labels(pool, ", "), labels(pool, " ")));
        }
        List<PoolMember> ready = ready(members);
        String obstacles = members.stream()
                .flatMap(member -> member.obstacle().stream()
                        .map(obstacle -> member.facts().name() + ": " + obstacle))
                .collect(Collectors.joining("; "));
        if (ready.isEmpty()) {
            return Verdict.no(PoolReason.NodesNotReady, obstacles);
        }
        String assumed = ready.stream()
                .filter(member -> !member.profileGiven())
                .map(member -> member.facts().name())
                .collect(Collectors.joining(", "));
        return Verdict.yes(
                PoolReason.NodesReady,
                "%d of %d nodes are ready".formatted(ready.size(), members.size())
                        + (obstacles.isEmpty() ? "" : "; " + obstacles)
                        + (assumed.isEmpty() ? "" : "; the profile is partly assumed of " + assumed));
    }

    DevicePoolStatus status(
            long generation,
            List<Condition> before,
            DevicePoolSpec pool,
            List<PoolMember> members,
            Map<String, Long> heldBytes) {
        List<PoolNode> nodes =
                members.stream().map(member -> node(member, heldBytes)).toList();
        long freeBytes = nodes.stream()
                .filter(PoolNode::ready)
                .mapToLong(PoolNode::freeBytes)
                .sum();
        return new DevicePoolStatus(
                generation,
                conditions.after(
                        before, generation, new LinkedHashMap<>(Map.of(Conditions.READY, verdict(pool, members)))),
                nodes,
                ready(members).size() + "/" + members.size(),
                freeBytes,
                new ByteCount(freeBytes).brief());
    }

    private static PoolNode node(PoolMember member, Map<String, Long> heldBytes) {
        long allocatable = member.facts().allocatableBytes();
        return new PoolNode(
                member.facts().name(),
                member.obstacle().isEmpty(),
                member.obstacle().orElse(member.facts().declared().problem()),
                allocatable,
                Math.max(0, allocatable - heldBytes.getOrDefault(member.facts().name(), 0L)),
                member.profile(),
                member.profileGiven());
    }

    private static List<PoolMember> ready(List<PoolMember> members) {
        return members.stream().filter(member -> member.obstacle().isEmpty()).toList();
    }

    private static String labels(DevicePoolSpec pool, String between) {
        return pool.nodeSelector().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(between));
    }
}
