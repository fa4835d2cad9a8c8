@NullMarked
package dev.littoral.scheduler.rig;

import org.jspecify.annotations.NullMarked;
