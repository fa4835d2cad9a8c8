/** The kinds that are served: those built in and those that definitions add. */
@NullMarked
package dev.littoral.sandbox.apiserver.resource;

import org.jspecify.annotations.NullMarked;
