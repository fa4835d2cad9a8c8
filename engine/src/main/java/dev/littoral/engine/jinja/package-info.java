/** Interprets the Jinja that chat templates are written in as jinja2 and Python do, without I/O and within bounds. */
@NullMarked
package dev.littoral.engine.jinja;

import org.jspecify.annotations.NullMarked;
