/** HTTP with servers that nobody vouches for. */
@NullMarked
package dev.littoral.sources.http;

import org.jspecify.annotations.NullMarked;
