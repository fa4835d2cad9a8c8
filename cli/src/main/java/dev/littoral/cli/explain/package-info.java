/** Why a scheduler sends requests where it does. */
@NullMarked
package dev.littoral.cli.explain;

import org.jspecify.annotations.NullMarked;
