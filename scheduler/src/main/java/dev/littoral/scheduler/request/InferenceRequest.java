package dev.littoral.scheduler.request;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A request that has been read and found sound.
 *
 * @param model as the client named it
 * @param stream whether the client wants pieces
 * @param includeUsage whether a stream ends with the count of tokens
 * @param inOnePiece whether the client says that it wants no pieces; where it says nothing, neither this nor {@code stream}
 * @param user for whom the client asks, as it names its users
 * @param toldAnswerTokens how long the answer will be, as who replays a trace knows
 */
public record InferenceRequest(
        String id,
        String model,
        Prompt prompt,
        SamplingSettings sampling,
        boolean stream,
        boolean includeUsage,
        boolean inOnePiece,
        Optional<String> user,
        OptionalInt toldAnswerTokens) {

    /** Leaves open how long the answer will be. */
    public InferenceRequest(
            String id,
            String model,
            Prompt prompt,
            SamplingSettings sampling,
            boolean stream,
            boolean includeUsage,
            boolean inOnePiece,
            Optional<String> user) {
        this(id, model, prompt, sampling, stream, includeUsage, inOnePiece, user, OptionalInt.empty());
    }

    /** Asks for nobody in particular. */
    public InferenceRequest(
            String id,
            String model,
            Prompt prompt,
            SamplingSettings sampling,
            boolean stream,
            boolean includeUsage,
            boolean inOnePiece) {
        this(id, model, prompt, sampling, stream, includeUsage, inOnePiece, Optional.empty());
    }

    /** Makes the request for one of the choices. */
    InferenceRequest choice(int index) {
        return new InferenceRequest(
                id + "/" + index,
                model,
                prompt,
                sampling.choice(index),
                stream,
                includeUsage,
                inOnePiece,
                user,
                toldAnswerTokens);
    }
}
