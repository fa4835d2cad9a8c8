/**
 * ONNX Runtime's C interface where its Java interface does not reach: sessions whose inputs and outputs are bound to
 * memory that stays where it is, on the processor or on a CUDA device.
 */
@NullMarked
package dev.littoral.engine.ort;

import org.jspecify.annotations.NullMarked;
