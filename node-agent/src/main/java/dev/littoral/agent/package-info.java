@NullMarked
package dev.littoral.agent;

import org.jspecify.annotations.NullMarked;
