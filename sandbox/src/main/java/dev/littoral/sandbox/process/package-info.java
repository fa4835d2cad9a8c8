/** Child processes with a log file each, none of which outlives its parent. */
@NullMarked
package dev.littoral.sandbox.process;

import org.jspecify.annotations.NullMarked;
