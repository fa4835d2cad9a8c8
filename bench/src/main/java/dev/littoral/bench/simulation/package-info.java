/** A discrete-event simulation of a fleet under a trace, driven by the very routing rules of the scheduler. */
@NullMarked
package dev.littoral.bench.simulation;

import org.jspecify.annotations.NullMarked;
