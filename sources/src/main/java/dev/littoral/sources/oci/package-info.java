/** An artifact in a registry. */
@NullMarked
package dev.littoral.sources.oci;

import org.jspecify.annotations.NullMarked;
