/** HTTP in and out. */
@NullMarked
package dev.littoral.sandbox.apiserver.http;

import org.jspecify.annotations.NullMarked;
