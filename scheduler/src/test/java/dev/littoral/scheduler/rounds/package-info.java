@NullMarked
package dev.littoral.scheduler.rounds;

import org.jspecify.annotations.NullMarked;
