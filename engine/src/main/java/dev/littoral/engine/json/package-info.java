/** Answers that are JSON whatever the model would say: which tokens may come next. */
@NullMarked
package dev.littoral.engine.json;

import org.jspecify.annotations.NullMarked;
