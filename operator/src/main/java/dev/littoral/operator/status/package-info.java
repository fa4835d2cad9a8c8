/** Conditions with their reasons, and the events that tell of their changes. */
@NullMarked
package dev.littoral.operator.status;

import org.jspecify.annotations.NullMarked;
