package dev.littoral.operator.languagemodel;

import dev.littoral.sources.Fetcher;
import dev.littoral.sources.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Reads config.json and safetensors headers from elsewhere, a few sources at a time and beside the reconcilers. */
public final class FetchedOutlines implements Outlines, AutoCloseable {

    private static final int AT_A_TIME = 4;

    private final Fetcher fetcher;
    private final Map<String, Future<Reading>> running = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(
            AT_A_TIME, Thread.ofPlatform().name("outline-", 0).daemon().factory());

    /** Makes one that asks by {@code fetcher}. */
    public FetchedOutlines(Fetcher fetcher) {
        this.fetcher = fetcher;
    }

    @Override
    public Reading read(String key, Fetcher.Wanted wanted) {
        Future<Reading> reading = running.computeIfAbsent(key, k -> threads.submit(() -> read(wanted)));
        if (!reading.isDone()) {
            return new Reading.Unusable(
                    ModelReason.SourceReading, "config and headers of %s are being read".formatted(wanted.uri()));
        }
        running.remove(key);
        try {
            return reading.get();
        } catch (ExecutionException e) {
            return new Reading.Unusable(
                    ModelReason.SourceUnreachable, "%s cannot be read: %s".formatted(wanted.uri(), e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Reading.Unusable(ModelReason.SourceReading, "the operator is ending");
        }
    }

    private Reading read(Fetcher.Wanted wanted) throws IOException {
        Path folder = Files.createTempDirectory("outline");
        try {
            Fetcher.Outlined outlined = fetcher.outline(wanted, folder);
            return CachedCheckpoints.open(folder, Optional.of(outlined.pinned().toString()))
                    .without(folder, wanted.uri().toString());
        } catch (SourceException e) {
            return new Reading.Unusable(ModelReason.of(e.reason()), String.valueOf(e.getMessage()));
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        fetcher.close();
    }
}
