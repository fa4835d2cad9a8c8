/** From a ModelDeployment to a plan to pods. */
@NullMarked
package dev.littoral.operator.modeldeployment;

import org.jspecify.annotations.NullMarked;
