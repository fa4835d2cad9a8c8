/** One contract, written as kubectl calls and their answers, for every API server that Littoral runs on. */
@NullMarked
package dev.littoral.e2e.contract;

import org.jspecify.annotations.NullMarked;
