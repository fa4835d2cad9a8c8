/** OpenAPI schemas: shape, validation, defaults, pruning and rules. */
@NullMarked
package dev.littoral.sandbox.apiserver.schema;

import org.jspecify.annotations.NullMarked;
