/** What deployments and pools promised in the long run, what was used of it, and what that makes dear. */
@NullMarked
package dev.littoral.scheduler.promises;

import org.jspecify.annotations.NullMarked;
