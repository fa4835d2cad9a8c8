package dev.littoral.operator.devicepool;

import dev.littoral.operator.status.Reason;

/** Why a DevicePool is ready or not. */
public enum PoolReason implements Reason {
    /** At least one node can take agents. */
    NodesReady,
    /** No node carries the labels of the selector. */
    NoNodes,
    /** Nodes carry the labels, but none can take agents. */
    NodesNotReady
}
