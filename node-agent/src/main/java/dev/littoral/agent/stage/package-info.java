@NullMarked
package dev.littoral.agent.stage;

import org.jspecify.annotations.NullMarked;
