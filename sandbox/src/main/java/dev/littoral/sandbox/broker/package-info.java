/** Kafka's own server as one process, for laptops and tests. */
@NullMarked
package dev.littoral.sandbox.broker;

import org.jspecify.annotations.NullMarked;
