package dev.littoral.operator.cluster;

import dev.littoral.crds.DeviceProfile;
import dev.littoral.crds.PoolToleration;
import java.util.List;
import java.util.Optional;

/**
 * A node as a member of a pool.
 *
 * @param facts the node
 * @param profile what it can do; no figure but the watts is absent
 * @param profileGiven whether pool or node gave every figure that planning needs
 * @param obstacle why no new pod can go there; empty when one can
 * @param tolerations what the pool's agents put up with
 */
public record PoolMember(
        NodeFacts facts,
        DeviceProfile profile,
        boolean profileGiven,
        Optional<String> obstacle,
        List<PoolToleration> tolerations) {}
