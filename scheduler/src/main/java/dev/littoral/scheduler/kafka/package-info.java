/** Requests and answers through Kafka. */
@NullMarked
package dev.littoral.scheduler.kafka;

import org.jspecify.annotations.NullMarked;
