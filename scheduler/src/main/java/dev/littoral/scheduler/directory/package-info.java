/** Which deployments there are and where their agents are. */
@NullMarked
package dev.littoral.scheduler.directory;

import org.jspecify.annotations.NullMarked;
