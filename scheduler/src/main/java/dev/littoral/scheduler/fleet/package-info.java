/** What is known of the agents, and who waits for which of their slots. */
@NullMarked
package dev.littoral.scheduler.fleet;

import org.jspecify.annotations.NullMarked;
