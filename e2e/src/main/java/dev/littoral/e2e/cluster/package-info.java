/** A real control plane (etcd, kube-apiserver, kube-controller-manager) as child processes, on loopback. */
@NullMarked
package dev.littoral.e2e.cluster;

import org.jspecify.annotations.NullMarked;
