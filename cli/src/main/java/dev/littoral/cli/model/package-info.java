/** Looks into checkpoints and runs them here, without a cluster. */
@NullMarked
package dev.littoral.cli.model;

import org.jspecify.annotations.NullMarked;
