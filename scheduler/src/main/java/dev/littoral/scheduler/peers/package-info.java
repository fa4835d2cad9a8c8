/** What schedulers of one cluster tell each other of the requests that wait at each of them. */
@NullMarked
package dev.littoral.scheduler.peers;

import org.jspecify.annotations.NullMarked;
