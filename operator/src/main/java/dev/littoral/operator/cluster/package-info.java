/** Nodes and pods as the informers last saw them, and what follows from them for planning. */
@NullMarked
package dev.littoral.operator.cluster;

import org.jspecify.annotations.NullMarked;
