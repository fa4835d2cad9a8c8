@NullMarked
package dev.littoral.scheduler.metrics;

import org.jspecify.annotations.NullMarked;
