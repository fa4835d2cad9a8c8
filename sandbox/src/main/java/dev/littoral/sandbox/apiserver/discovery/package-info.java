/** What a client may learn of the server: groups, resources, schemas. */
@NullMarked
package dev.littoral.sandbox.apiserver.discovery;

import org.jspecify.annotations.NullMarked;
