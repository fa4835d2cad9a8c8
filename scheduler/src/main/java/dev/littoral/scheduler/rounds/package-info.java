/** What is done again and again beside requests. */
@NullMarked
package dev.littoral.scheduler.rounds;

import org.jspecify.annotations.NullMarked;
