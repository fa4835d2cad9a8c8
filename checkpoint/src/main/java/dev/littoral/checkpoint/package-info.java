@NullMarked
package dev.littoral.checkpoint;

import org.jspecify.annotations.NullMarked;
