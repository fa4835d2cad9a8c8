/** Chooses the agent that answers a request, and guesses how long the answer will be. */
@NullMarked
package dev.littoral.algorithms.routing;

import org.jspecify.annotations.NullMarked;
