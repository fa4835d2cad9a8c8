@NullMarked
package dev.littoral.scheduler.it;

import org.jspecify.annotations.NullMarked;
