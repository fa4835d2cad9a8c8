/** A small Kubernetes API server for laptops and tests: plain HTTP on loopback, no users, state in memory. Never a cluster's. */
@NullMarked
package dev.littoral.sandbox.apiserver;

import org.jspecify.annotations.NullMarked;
