/** Plays the kubelet of an emulated node: runs the command of every pod bound to it as a child process. */
@NullMarked
package dev.littoral.sandbox.node;

import org.jspecify.annotations.NullMarked;
