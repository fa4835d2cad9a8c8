/** Requests that real agents answer. */
@NullMarked
package dev.littoral.e2e.serving;

import org.jspecify.annotations.NullMarked;
