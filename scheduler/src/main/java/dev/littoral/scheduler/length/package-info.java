/** Reads prompts for the length predictor, and keeps what it learns. */
@NullMarked
package dev.littoral.scheduler.length;

import org.jspecify.annotations.NullMarked;
