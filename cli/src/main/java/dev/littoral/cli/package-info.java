/** kubectl-littoral: looks at models and deployments from a terminal. */
@NullMarked
package dev.littoral.cli;

import org.jspecify.annotations.NullMarked;
