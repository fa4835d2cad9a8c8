@NullMarked
package dev.littoral.scheduler.peers;

import org.jspecify.annotations.NullMarked;
