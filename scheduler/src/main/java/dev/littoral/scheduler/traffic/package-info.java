/** How much goes through each deployment, over all schedulers, and its place in the deployment's status. */
@NullMarked
package dev.littoral.scheduler.traffic;

import org.jspecify.annotations.NullMarked;
