/** From a DevicePool to the nodes it selects. */
@NullMarked
package dev.littoral.operator.devicepool;

import org.jspecify.annotations.NullMarked;
