/** What the tests of several modules share. */
@NullMarked
package dev.littoral.testing;

import org.jspecify.annotations.NullMarked;
