package dev.littoral.crds.schema;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says how server-side apply merges a list: one item per value of a key, or as a whole. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface ListAs {

    /** Keys of the items' identity; none where the list has one owner. */
    String[] mapBy() default {};
}
