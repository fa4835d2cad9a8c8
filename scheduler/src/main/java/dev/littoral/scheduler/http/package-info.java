/** The OpenAI endpoint. */
@NullMarked
package dev.littoral.scheduler.http;

import org.jspecify.annotations.NullMarked;
