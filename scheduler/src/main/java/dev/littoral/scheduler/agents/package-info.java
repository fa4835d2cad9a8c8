/** Calls to agents over gRPC. */
@NullMarked
package dev.littoral.scheduler.agents;

import org.jspecify.annotations.NullMarked;
