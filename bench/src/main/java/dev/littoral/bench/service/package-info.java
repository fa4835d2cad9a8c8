/** The real scheduler between a real broker and agents on a script, each a process of its own. */
@NullMarked
package dev.littoral.bench.service;

import org.jspecify.annotations.NullMarked;
