package dev.littoral.scheduler.request;

/**
 * A request that has been read and found sound.
 *
 * @param model as the client named it
 * @param stream whether the client wants pieces
 * @param includeUsage whether a stream ends with the count of tokens
 */
public record InferenceRequest(
        String id, String model, Prompt prompt, SamplingSettings sampling, boolean stream, boolean includeUsage) {}
