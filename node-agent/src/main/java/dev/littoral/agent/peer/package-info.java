@NullMarked
package dev.littoral.agent.peer;

import org.jspecify.annotations.NullMarked;
