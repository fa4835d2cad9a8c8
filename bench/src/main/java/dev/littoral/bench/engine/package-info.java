/** The engine beside llama.cpp: the same random model, bits, threads and prompts, in turns. */
@NullMarked
package dev.littoral.bench.engine;

import org.jspecify.annotations.NullMarked;
