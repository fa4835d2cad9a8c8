/** Archives of which nobody says that they are honest. */
@NullMarked
package dev.littoral.sources.archive;

import org.jspecify.annotations.NullMarked;
