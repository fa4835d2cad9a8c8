/** What an administrator can set; the prefix is {@code littoral}. */
@NullMarked
package dev.littoral.operator.settings;

import org.jspecify.annotations.NullMarked;
