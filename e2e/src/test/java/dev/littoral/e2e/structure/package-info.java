/** Holds the code to its architecture: which module may know which, and who may construct what. */
@NullMarked
package dev.littoral.e2e.structure;

import org.jspecify.annotations.NullMarked;
