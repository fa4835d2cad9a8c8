/**
 * Predicts how many tokens an answer will have, before it is begun: LAS, Length-Aware Semantics (Argus, arXiv
 * 2512.22925). From the paper: a language model's states, modulated by length-sensitive features, predict the length.
 * Ours: which states and which features, a factor of the prompt that all models share, Gaussian processes and a small
 * gated network on it, learning from finished and from cut answers, and a bound that is kept by calibration.
 */
@NullMarked
package dev.littoral.algorithms.length;

import org.jspecify.annotations.NullMarked;
