/** The few controllers without which a cluster does not tidy up after itself. */
@NullMarked
package dev.littoral.sandbox.apiserver.control;

import org.jspecify.annotations.NullMarked;
