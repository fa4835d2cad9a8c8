/** The operator as it runs, against a real API server, with nodes whose kubelet is a fake of ours. */
@NullMarked
package dev.littoral.operator.it;

import org.jspecify.annotations.NullMarked;
