/** What goes on beside the requests, whatever fails. */
@NullMarked
package dev.littoral.scheduler.background;

import org.jspecify.annotations.NullMarked;
