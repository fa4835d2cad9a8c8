/** What settings may be: each is read within its bounds, or the service does not start and says which one and why. */
@NullMarked
package dev.littoral.scheduler.bounds;

import org.jspecify.annotations.NullMarked;
