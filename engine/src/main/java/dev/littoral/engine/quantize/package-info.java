/** From weights as they are stored to whole steps of few bits; pure, but for the threads that do it. */
@NullMarked
package dev.littoral.engine.quantize;

import org.jspecify.annotations.NullMarked;
