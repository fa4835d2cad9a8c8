@NullMarked
package dev.littoral.protocol;

import org.jspecify.annotations.NullMarked;
