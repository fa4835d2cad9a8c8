/** Files from elsewhere: in parts, resumed, checked, and landed whole. */
@NullMarked
package dev.littoral.sources.download;

import org.jspecify.annotations.NullMarked;
