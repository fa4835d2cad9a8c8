/** What create, update, apply and delete do to an object. */
@NullMarked
package dev.littoral.sandbox.apiserver.objects;

import org.jspecify.annotations.NullMarked;
