/** From a QuantizationVariant to bits per layer and bytes. */
@NullMarked
package dev.littoral.operator.quantizationvariant;

import org.jspecify.annotations.NullMarked;
