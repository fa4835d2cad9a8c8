/** Stages on ONNX Runtime. */
@NullMarked
package dev.littoral.engine.onnx;

import org.jspecify.annotations.NullMarked;
