/** A prefix in a bucket of S3 or of a store that speaks like it. */
@NullMarked
package dev.littoral.sources.s3;

import org.jspecify.annotations.NullMarked;
