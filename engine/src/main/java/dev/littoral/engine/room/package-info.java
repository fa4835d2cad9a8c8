/** What this machine has left. */
@NullMarked
package dev.littoral.engine.room;

import org.jspecify.annotations.NullMarked;
