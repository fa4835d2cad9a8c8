@NullMarked
package dev.littoral.scheduler.promises;

import org.jspecify.annotations.NullMarked;
