@NullMarked
package dev.littoral.agent.telemetry;

import org.jspecify.annotations.NullMarked;
