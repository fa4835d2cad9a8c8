package dev.littoral.crds.schema;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Bounds a text, or each text of a list or map, in characters. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface TextLength {

    /** Fewest characters. */
    int min() default 0;

    /** Most characters; the API server needs it to estimate what a CEL rule costs. */
    int max();
}
