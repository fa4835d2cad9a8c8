@NullMarked
package dev.littoral.operator;

import org.jspecify.annotations.NullMarked;
