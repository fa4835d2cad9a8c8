/** Objects in memory, with a bounded log of changes for watches. */
@NullMarked
package dev.littoral.sandbox.apiserver.store;

import org.jspecify.annotations.NullMarked;
