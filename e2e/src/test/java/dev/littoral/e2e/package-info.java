/** What the end-to-end tests share: a real control plane, the sandbox's API server, and notes on what could not run. */
@NullMarked
package dev.littoral.e2e;

import org.jspecify.annotations.NullMarked;
