/**
 * The main job from nothing to answers, told step by step: starts every part as a process of its own, applies the quick
 * start, asks questions, kills a node, and asks again.
 */
@NullMarked
package dev.littoral.sandbox.demo;

import org.jspecify.annotations.NullMarked;
