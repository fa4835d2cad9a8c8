/**
 * Decides which contiguous layers of a model run on which node, proves that they fit, and says why.
 *
 * <p>The partition of a model over a device and a server is from QPART (arXiv 2506.23934); the dynamic program over
 * any number of unlike nodes, the memory proof and the explanation are ours.
 */
@NullMarked
package dev.littoral.algorithms.placement;

import org.jspecify.annotations.NullMarked;
