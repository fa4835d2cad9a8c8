/** Predicted lengths against those of real models. */
@NullMarked
package dev.littoral.bench.length;

import org.jspecify.annotations.NullMarked;
