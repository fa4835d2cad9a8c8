package dev.littoral.scheduler.request;

import dev.littoral.protocol.events.ErrorCode;
import dev.littoral.scheduler.directory.Deployment;
import dev.littoral.scheduler.directory.DeploymentDirectory;
import dev.littoral.scheduler.fleet.Fleet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.jboss.logging.Logger;

/** Leads a request from its bytes to its end: parse, admit, and then {@link Attempts} to route and run it. */
public final class RequestPath implements Answering {

    private static final Duration ASK_AGAIN = Duration.ofSeconds(5);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final Logger LOG = Logger.getLogger(RequestPath.class);

    private final RequestParsing parsing;
    private final DeploymentDirectory directory;
    private final Fleet fleet;
    private final Attempts attempts;
    private final Clock wall;
    private final Clock steady;

    /**
     * Puts the path together.
     *
     * @param wall which deadlines are named by
     * @param steady which {@code attempts} measures waits by
     */
    public RequestPath(
            RequestParsing parsing,
            DeploymentDirectory directory,
            Fleet fleet,
            Attempts attempts,
            Clock wall,
            Clock steady) {
        this.parsing = parsing;
        this.directory = directory;
        this.fleet = fleet;
        this.attempts = attempts;
        this.wall = wall;
        this.steady = steady;
    }

    @Override
    public Outcome answer(RawRequest raw, AnswerSink sink, Cancellation cancellation) {
        cancellation.begin();
        try {
            return switch (parsing.parse(raw.id(), raw.dialect(), raw.body())) {
                case RequestParsing.Parsed.Invalid invalid -> invalid.refusal();
                case RequestParsing.Parsed.Valid valid -> admit(valid.request(), raw.terms(), sink, cancellation);
            };
        } catch (InterruptedException | ReaderGone e) {
            return Outcome.Refused.of(ErrorCode.CANCELLED, "the request was cancelled");
        } catch (RuntimeException | Error e) {
            // whoever asked waits for an end, also for this one
            LOG.errorf(e, "request %s failed", raw.id());
            return Outcome.Refused.of(ErrorCode.AGENT_LOST, "the scheduler failed to serve the request");
        } finally {
            cancellation.over();
        }
    }

    /** Waits until the API server was asked, where the sender waits for agents, too: until then no model is known. */
    private Optional<Deployment> found(InferenceRequest request, Terms terms) throws InterruptedException {
        if (terms.waitsForAgents() && !directory.known()) {
            Instant end = terms.measured(wall, steady).end();
            Instant giveUpAt = steady.instant().plus(terms.patience());
            while (!directory.known()
                    && steady.instant().isBefore(giveUpAt)
                    && steady.instant().isBefore(end)) {
                Thread.sleep(LOOK_AGAIN);
            }
        }
        return directory.find(request.model());
    }

    private Outcome admit(InferenceRequest request, Terms terms, AnswerSink sink, Cancellation cancellation)
            throws InterruptedException, ReaderGone {
        Optional<Deployment> deployment = found(request, terms);
        if (deployment.isEmpty() && !directory.known()) {
            return Outcome.Refused.later(
                            ErrorCode.NO_CAPACITY,
                            503,
                            "the API server has not said yet which models are deployed: ask again later",
                            ASK_AGAIN)
                    .dropped(DropReason.NoReplica);
        }
        if (deployment.isEmpty()) {
            return Outcome.Refused.of(
                    ErrorCode.MODEL_NOT_FOUND,
                    "no model " + request.model() + " is deployed: GET /v1/models lists those that are",
                    "model");
        }
        if (!wall.instant().isBefore(terms.deadline())) {
            return Outcome.Refused.of(
                            ErrorCode.DEADLINE_EXCEEDED, "the deadline " + terms.deadline() + " had passed on arrival")
                    .dropped(DropReason.DeadlinePassed);
        }
        OptionalInt context = fleet.contextTokens(deployment.orElseThrow());
        int wanted = request.sampling().maxTokens().orElse(0);
        if (context.isPresent() && wanted > context.getAsInt()) {
            return Outcome.Refused.of(
                    ErrorCode.INVALID_REQUEST,
                    "max_tokens is " + wanted + " but the context of " + request.model() + " has " + context.getAsInt()
                            + " tokens: ask for fewer",
                    "max_tokens");
        }
        Terms measured = terms.measured(wall, steady);
        return request.sampling().choices() == 1
                ? attempts.serve(request, deployment.orElseThrow(), measured, sink, cancellation)
                : new ManyChoices(attempts).serve(request, deployment.orElseThrow(), measured, sink);
    }
}
