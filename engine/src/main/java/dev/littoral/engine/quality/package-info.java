/** How well a model with fewer bits does what the whole one does. */
@NullMarked
package dev.littoral.engine.quality;

import org.jspecify.annotations.NullMarked;
