/** The protocol of the Hugging Face hub, and its cache. */
@NullMarked
package dev.littoral.sources.hub;

import org.jspecify.annotations.NullMarked;
