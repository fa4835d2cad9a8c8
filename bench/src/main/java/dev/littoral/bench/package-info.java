/** Comparisons side by side in one run; every input is an argument. */
@NullMarked
package dev.littoral.bench;

import org.jspecify.annotations.NullMarked;
