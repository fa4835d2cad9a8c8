/** A folder or an archive on a web server. */
@NullMarked
package dev.littoral.sources.web;

import org.jspecify.annotations.NullMarked;
