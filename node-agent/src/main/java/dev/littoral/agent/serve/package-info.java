@NullMarked
package dev.littoral.agent.serve;

import org.jspecify.annotations.NullMarked;
