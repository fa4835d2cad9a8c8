@NullMarked
package dev.littoral.agent.settings;

import org.jspecify.annotations.NullMarked;
