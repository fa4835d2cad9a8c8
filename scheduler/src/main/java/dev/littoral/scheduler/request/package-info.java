/** The one path of a request, whoever brought it: parse, admit, route, run, respond. */
@NullMarked
package dev.littoral.scheduler.request;

import org.jspecify.annotations.NullMarked;
