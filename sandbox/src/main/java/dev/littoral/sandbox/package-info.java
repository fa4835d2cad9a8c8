@NullMarked
package dev.littoral.sandbox;

import org.jspecify.annotations.NullMarked;
