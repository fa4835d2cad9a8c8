/** Brings the checkpoint to the node before its stage is loaded. */
@NullMarked
package dev.littoral.agent.fetch;

import org.jspecify.annotations.NullMarked;
