package dev.littoral.scheduler.batch;

import dev.littoral.scheduler.bounds.Count;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Settings of {@code /v1/files} and {@code /v1/batches}, prefix {@code littoral.batch}. */
@ConfigMapping(prefix = "littoral.batch")
public interface BatchSettings {

    /** Folder of files and batches; without it both are answered with 501. Its scheduler has it for itself. */
    Optional<Path> folder();

    /** Longest file, in bytes; a longer one is answered with 413. */
    @WithDefault("104857600")
    @WithConverter(Count.LongOneOrMore.class)
    long maxFileBytes();

    /** Bytes of all files; beyond it no more are taken (507). */
    @WithDefault("4294967296")
    @WithConverter(Count.LongOneOrMore.class)
    long maxFolderBytes();

    /** Requests of one batch. */
    @WithDefault("50000")
    @WithConverter(Count.OneOrMore.class)
    int maxRequests();

    /** Batches that run at once; further ones are answered with 429. */
    @WithDefault("8")
    @WithConverter(Count.OneOrMore.class)
    int maxRunning();

    /** Requests of one batch that are on the topic and have no final. */
    @WithDefault("200")
    @WithConverter(Count.OneOrMore.class)
    int inFlight();

    /** Priority of its requests; those of people wait for nobody at 0. */
    @WithDefault("-10")
    int priority();
}
