package dev.littoral.scheduler.request;

import dev.littoral.algorithms.routing.Work;
import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.agent.v1.Finished;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.events.ErrorCode;
import dev.littoral.scheduler.agents.AgentClient;
import dev.littoral.scheduler.agents.CallEnd;
import dev.littoral.scheduler.directory.Deployment;
import dev.littoral.scheduler.fleet.Fleet;
import dev.littoral.scheduler.fleet.Lease;
import dev.littoral.scheduler.fleet.Slots;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Routes a request to an agent and runs it there; once more elsewhere when the agent dies while it answers. */
public final class Attempts {

    /** By how much the call outlives the deadline, so that the agent's own word about it can arrive. */
    private static final Duration GRACE = Duration.ofMillis(250);

    private final Slots slots;
    private final AgentClient client;
    private final Fleet fleet;
    private final TokenEstimates estimates;
    private final Clock clock;
    private final ToLongFunction<String> seeds;
    private final Endings endings;

    /** Puts the parts together; nobody is told how requests end. */
    public Attempts(
            Slots slots,
            AgentClient client,
            Fleet fleet,
            TokenEstimates estimates,
            Clock clock,
            ToLongFunction<String> seeds) {
        this(slots, client, fleet, estimates, clock, seeds, Endings.UNCOUNTED);
    }

    /**
     * Puts the parts together.
     *
     * @param clock measures waits
     * @param seeds gives an id its seed, the same on every scheduler, so that whoever runs a request anew says the same
     */
    public Attempts(
            Slots slots,
            AgentClient client,
            Fleet fleet,
            TokenEstimates estimates,
            Clock clock,
            ToLongFunction<String> seeds,
            Endings endings) {
        this.slots = slots;
        this.client = client;
        this.fleet = fleet;
        this.estimates = estimates;
        this.clock = clock;
        this.seeds = seeds;
        this.endings = endings;
    }

    Outcome serve(
            InferenceRequest request, Deployment deployment, Terms terms, AnswerSink sink, Cancellation cancellation)
            throws InterruptedException, ReaderGone {
        Work work = estimates.expect(deployment.key(), request, fleet.contextTokens(deployment));
        GenerateRequest call = AgentCall.of(request, deployment, terms.deadline(), seeds.applyAsLong(request.id()));
        AnswerInProgress answer = new AnswerInProgress(request, sink);
        boolean answered = false;
        try {
            Outcome end = serve(answer, work, call, deployment, terms, cancellation);
            answered = end instanceof Outcome.Answered;
            tell(end, deployment, terms);
            return end;
        } finally {
            if (!answered && answer.seen() > 0) {
                estimates.learnCut(deployment.key(), request, answer.seen());
            }
        }
    }

    private Outcome serve(
            AnswerInProgress answer,
            Work work,
            GenerateRequest call,
            Deployment deployment,
            Terms terms,
            Cancellation cancellation)
            throws InterruptedException, ReaderGone {
        Instant giveUpAt = clock.instant().plus(terms.patience());
        Slots.Sender sender = answer.sender(terms);
        while (true) {
            boolean waits = terms.waitsForAgents() || answer.attempt() > 1;
            Slots.Grant grant = slots.acquire(new Slots.Wish(
                    deployment.key(), work, terms.priority(), terms.end(), giveUpAt, waits, cancellation, sender));
            Optional<Outcome> outcome;
            switch (grant) {
                case Slots.Grant.None none -> outcome = Optional.of(refusal(none, terms));
                case Slots.Grant.OutOfReach far -> outcome = Optional.of(outOfReach(far, terms));
                case Slots.Grant.Slot slot -> {
                    CallEnd end;
                    try (Lease lease = slot.lease()) {
                        end = run(lease, call, terms.end(), answer, cancellation);
                        tell(end, lease);
                    }
                    // a lease that was lost as the call ended is over, and so is what it interrupts
                    cancellation.calm();
                    outcome = outcomeOf(end, answer, terms);
                    if (outcome.isEmpty() && answer.attempt() > 1) {
                        // the loss of an agent starts the wait anew: a plan without it takes its time
                        giveUpAt = clock.instant().plus(terms.patience());
                    }
                }
            }
            if (outcome.isPresent()) {
                Outcome end = outcome.orElseThrow();
                if (end instanceof Outcome.Answered answered) {
                    estimates.learn(deployment.key(), answered);
                }
                return end;
            }
        }
    }

    private CallEnd run(
            Lease lease, GenerateRequest call, Instant end, AnswerInProgress answer, Cancellation cancellation)
            throws InterruptedException, ReaderGone {
        Duration left = Duration.between(clock.instant(), end);
        GenerateRequest now =
                call.toBuilder().setTimeLeftMillis(Math.max(1, left.toMillis())).build();
        try {
            return client.generate(lease.agent().address(), now, left.plus(GRACE), answer.reader(lease));
        } catch (InterruptedException e) {
            if (lease.lost() && !cancellation.cancelled()) {
                return new CallEnd.Away("the agent stopped answering");
            }
            throw e;
        }
    }

    private void tell(Outcome end, Deployment deployment, Terms terms) {
        switch (end) {
            case Outcome.Answered answered ->
                endings.ended(
                        deployment,
                        clock.instant().isAfter(terms.end()),
                        answered.usage().completionTokens());
            case Outcome.Refused refused -> {
                if (refused.code() == ErrorCode.DEADLINE_EXCEEDED) {
                    endings.ended(deployment, true, 0);
                }
            }
        }
    }

    /** Has the agent left alone if it could not take the request. */
    private static void tell(CallEnd end, Lease lease) {
        switch (end) {
            case CallEnd.Exhausted exhausted -> lease.exhausted();
            case CallEnd.Away away -> lease.away();
            case CallEnd.Complete complete -> {}
            case CallEnd.Stopped stopped -> {}
            case CallEnd.TooLate late -> {}
            case CallEnd.Rejected rejected -> {}
        }
    }

    /** Says how the request ended with this call; empty when it is to be tried again. */
    private static Optional<Outcome> outcomeOf(CallEnd end, AnswerInProgress answer, Terms terms)
            throws InterruptedException, ReaderGone {
        return switch (end) {
            case CallEnd.Complete complete -> completed(complete.finished(), answer, terms);
            case CallEnd.Stopped stopped -> Optional.of(lost("its second answer differs from what was sent"));
            case CallEnd.TooLate late -> Optional.of(tooLate(terms));
            case CallEnd.Rejected rejected -> Optional.of(rejected(rejected));
            case CallEnd.Exhausted exhausted ->
                answer.again() ? Optional.empty() : Optional.of(lost("it had no slot for the rest"));
            case CallEnd.Away away -> answer.again() ? Optional.empty() : Optional.of(lost(away.message()));
        };
    }

    private static Optional<Outcome> completed(Finished finished, AnswerInProgress answer, Terms terms)
            throws InterruptedException, ReaderGone {
        if (finished.getReason() == FinishReason.DEADLINE) {
            return Optional.of(tooLate(terms));
        }
        if (!answer.whole()) {
            return Optional.of(lost("its second answer is shorter than what was sent"));
        }
        return Optional.of(answer.answered(finished));
    }

    private static Outcome.Refused rejected(CallEnd.Rejected rejected) {
        String reason = rejected.reason().toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
        return reason.contains("context")
                ? Outcome.Refused.of(ErrorCode.CONTEXT_EXCEEDED, rejected.message(), "messages")
                : Outcome.Refused.of(ErrorCode.INVALID_REQUEST, rejected.message());
    }

    private static Outcome.Refused lost(String how) {
        return Outcome.Refused.of(ErrorCode.AGENT_LOST, "the agent was lost while it answered: " + how);
    }

    private static Outcome.Refused tooLate(Terms terms) {
        return Outcome.Refused.of(
                        ErrorCode.DEADLINE_EXCEEDED,
                        "the deadline " + terms.deadline() + " passed before the answer ended")
                .dropped(DropReason.DeadlinePassed);
    }

    private static Outcome.Refused outOfReach(Slots.Grant.OutOfReach far, Terms terms) {
        long seconds = Math.max(1, far.expected().toSeconds());
        Outcome.Refused refused = far.waited()
                ? Outcome.Refused.of(
                        ErrorCode.DEADLINE_EXCEEDED,
                        "the deadline %s went out of reach while the request waited for a slot: an answer is expected to take %d s"
                                .formatted(terms.deadline(), seconds))
                : Outcome.Refused.later(
                        ErrorCode.DEADLINE_EXCEEDED,
                        503,
                        "the deadline %s is out of reach: an answer is expected to take %d s where it is quickest; allow more time"
                                .formatted(terms.deadline(), seconds),
                        far.expected());
        return refused.dropped(DropReason.DeadlineOutOfReach);
    }

    private static Outcome.Refused refusal(Slots.Grant.None none, Terms terms) {
        return switch (none.reason()) {
            case QueueFull ->
                Outcome.Refused.later(
                                ErrorCode.NO_CAPACITY,
                                429,
                                "too many requests wait already: ask again later",
                                none.again())
                        .dropped(DropReason.QueueFull);
            case Outranked ->
                Outcome.Refused.later(
                                ErrorCode.NO_CAPACITY,
                                429,
                                "too many requests wait, and one of a higher priority came: ask again later",
                                none.again())
                        .dropped(DropReason.Outranked);
            case BeyondItsShare ->
                Outcome.Refused.later(
                                ErrorCode.NO_CAPACITY,
                                429,
                                "too many requests wait, most of them of this key, and one of another came:"
                                        + " ask again later",
                                none.again())
                        .dropped(DropReason.BeyondItsShare);
            case WaitedTooLong ->
                Outcome.Refused.later(
                                ErrorCode.NO_CAPACITY,
                                503,
                                "no slot came free within " + terms.patience() + ": ask again later",
                                none.again())
                        .dropped(DropReason.WaitedTooLong);
            case NoReplica ->
                Outcome.Refused.later(
                                ErrorCode.NO_CAPACITY,
                                503,
                                "no replica of the model is ready: ask again later",
                                none.again())
                        .dropped(DropReason.NoReplica);
            case DeadlinePassed ->
                Outcome.Refused.of(
                                ErrorCode.DEADLINE_EXCEEDED,
                                "the deadline " + terms.deadline() + " passed while the request waited for a slot")
                        .dropped(DropReason.DeadlinePassed);
        };
    }
}
