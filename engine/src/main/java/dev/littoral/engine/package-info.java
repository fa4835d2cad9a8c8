@NullMarked
package dev.littoral.engine;

import org.jspecify.annotations.NullMarked;
