/** Reads OpenAI requests and writes OpenAI answers; pure. */
@NullMarked
package dev.littoral.scheduler.openai;

import org.jspecify.annotations.NullMarked;
