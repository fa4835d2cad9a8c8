package dev.littoral.scheduler.request;

/**
 * A request that has been read and found sound.
 *
 * @param model as the client named it
 * @param stream whether the client wants pieces
 * @param includeUsage whether a stream ends with the count of tokens
 */
public record InferenceRequest(
        String id, String model, Prompt prompt, SamplingSettings sampling, boolean stream, boolean includeUsage) {

    /** Makes the request for one of the choices. */
    InferenceRequest choice(int index) {
        return new InferenceRequest(id + "/" + index, model, prompt, sampling.choice(index), stream, includeUsage);
    }
}
