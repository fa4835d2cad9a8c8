/** What crosses Kafka: topics, header names, event bodies, and the reading of events that nobody has checked yet. */
@NullMarked
package dev.littoral.protocol.events;

import org.jspecify.annotations.NullMarked;
