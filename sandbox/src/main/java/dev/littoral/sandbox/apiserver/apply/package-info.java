/** Field ownership: who set which field, and what an apply may change. */
@NullMarked
package dev.littoral.sandbox.apiserver.apply;

import org.jspecify.annotations.NullMarked;
