/** Label selectors, field selectors and JSONPath. */
@NullMarked
package dev.littoral.sandbox.apiserver.query;

import org.jspecify.annotations.NullMarked;
