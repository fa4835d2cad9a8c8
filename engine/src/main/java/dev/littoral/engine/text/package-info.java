/** Tokenizers and chat templates. */
@NullMarked
package dev.littoral.engine.text;

import org.jspecify.annotations.NullMarked;
