@NullMarked
package dev.littoral.scheduler.background;

import org.jspecify.annotations.NullMarked;
