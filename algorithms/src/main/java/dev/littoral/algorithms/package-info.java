@NullMarked
package dev.littoral.algorithms;

import org.jspecify.annotations.NullMarked;
