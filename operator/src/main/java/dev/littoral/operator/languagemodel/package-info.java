/** From a LanguageModel's source to the shape that planning needs. */
@NullMarked
package dev.littoral.operator.languagemodel;

import org.jspecify.annotations.NullMarked;
