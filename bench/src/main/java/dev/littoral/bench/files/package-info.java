/** What comparisons read and write: text that says where it is wrong, figures that are strict JSON. */
@NullMarked
package dev.littoral.bench.files;

import org.jspecify.annotations.NullMarked;
