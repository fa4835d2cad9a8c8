/**
 * The custom resources of {@code littoral.dev/v1alpha1} as records; the YAML under {@code META-INF/littoral/crds} is
 * generated from them.
 */
@NullMarked
package dev.littoral.crds;

import org.jspecify.annotations.NullMarked;
