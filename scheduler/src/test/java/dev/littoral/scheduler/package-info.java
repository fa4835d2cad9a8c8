@NullMarked
package dev.littoral.scheduler;

import org.jspecify.annotations.NullMarked;
