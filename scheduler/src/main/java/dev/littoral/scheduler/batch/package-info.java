/** Files of many requests, and the batches that run them over the topics of requests and responses. */
@NullMarked
package dev.littoral.scheduler.batch;

import org.jspecify.annotations.NullMarked;
