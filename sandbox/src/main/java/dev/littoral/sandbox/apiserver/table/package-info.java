/** Objects as rows for people. */
@NullMarked
package dev.littoral.sandbox.apiserver.table;

import org.jspecify.annotations.NullMarked;
