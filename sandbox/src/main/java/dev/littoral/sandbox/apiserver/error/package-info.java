/** What the API server answers when it refuses. */
@NullMarked
package dev.littoral.sandbox.apiserver.error;

import org.jspecify.annotations.NullMarked;
