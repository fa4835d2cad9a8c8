/** Where checkpoints lie, and how they come to a node. */
@NullMarked
package dev.littoral.sources;

import org.jspecify.annotations.NullMarked;
