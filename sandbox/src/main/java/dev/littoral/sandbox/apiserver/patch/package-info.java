/** The patch formats besides apply. */
@NullMarked
package dev.littoral.sandbox.apiserver.patch;

import org.jspecify.annotations.NullMarked;
