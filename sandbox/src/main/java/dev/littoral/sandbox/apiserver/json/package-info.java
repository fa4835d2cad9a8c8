/** JSON trees as values. */
@NullMarked
package dev.littoral.sandbox.apiserver.json;

import org.jspecify.annotations.NullMarked;
