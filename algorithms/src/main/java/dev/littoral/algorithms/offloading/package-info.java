/**
 * Assigns the requests of one slot to devices: long-term promises as queues (Lyapunov drift plus penalty), and within a
 * slot the iteration with damping and congestion control of Argus (arXiv 2512.22925).
 */
@NullMarked
package dev.littoral.algorithms.offloading;

import org.jspecify.annotations.NullMarked;
