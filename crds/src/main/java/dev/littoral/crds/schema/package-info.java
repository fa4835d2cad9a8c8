/** Annotations for what the schema needs and Fabric8's annotations cannot say. */
@NullMarked
package dev.littoral.crds.schema;

import org.jspecify.annotations.NullMarked;
