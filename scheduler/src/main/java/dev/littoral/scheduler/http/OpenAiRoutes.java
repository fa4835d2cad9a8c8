package dev.littoral.scheduler.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.protocol.events.ErrorCode;
import dev.littoral.scheduler.directory.Deployment;
import dev.littoral.scheduler.directory.DeploymentDirectory;
import dev.littoral.scheduler.fleet.SlotQueue;
import dev.littoral.scheduler.metrics.DropMeter;
import dev.littoral.scheduler.metrics.EndMeter;
import dev.littoral.scheduler.openai.OpenAiJson;
import dev.littoral.scheduler.request.Answering;
import dev.littoral.scheduler.request.BodyDigest;
import dev.littoral.scheduler.request.Cancellation;
import dev.littoral.scheduler.request.Dialect;
import dev.littoral.scheduler.request.DropReason;
import dev.littoral.scheduler.request.Outcome;
import dev.littoral.scheduler.request.RawRequest;
import dev.littoral.scheduler.request.SteadyClock;
import dev.littoral.scheduler.request.Terms;
import dev.littoral.scheduler.request.Tracing;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Serves {@code /v1/chat/completions}, {@code /v1/completions} and {@code /v1/models}. Plain Vert.x routes instead of
 * REST resources: a stream must notice at once that its client hung up, and must wait for a client that reads slowly.
 */
@ApplicationScoped
class OpenAiRoutes {

    private static final String ARRIVAL = "littoral.arrival";

    private final Answering answering;
    private final DeploymentDirectory directory;
    private final HttpSettings settings;
    private final Clock clock;
    private final AtomicLong heldBytes = new AtomicLong();
    private final IdempotencyKeys keys;
    private final DropMeter drops;
    private final EndMeter ends;
    private final Supplier<Duration> room;

    OpenAiRoutes(
            Answering answering,
            DeploymentDirectory directory,
            HttpSettings settings,
            Clock clock,
            SteadyClock steady,
            DropMeter drops,
            EndMeter ends,
            SlotQueue queue) {
        this.drops = drops;
        this.ends = ends;
        this.room = queue::room;
        this.answering = answering;
        this.directory = directory;
        this.settings = settings;
        this.clock = clock;
        this.keys = new IdempotencyKeys(
                settings.rememberedKeys(), settings.rememberedBytes(), settings.rememberedFor(), steady);
    }

    void register(@Observes Router router) {
        post(router, "/v1/chat/completions", Dialect.CHAT);
        post(router, "/v1/completions", Dialect.COMPLETIONS);
        router.get("/v1/models").handler(this::models);
        router.get("/v1/models/*").handler(this::model);
        router.route("/v1/models").handler(context -> wrongMethod(context, "GET"));
        router.route("/v1/models/*").handler(context -> wrongMethod(context, "GET"));
        router.route("/v1/*").handler(context -> {
            String message = "there is nothing at " + context.normalizedPath();
            Replies.error(
                    context, 404, OpenAiJson.error(message, "invalid_request_error", "not_found", Optional.empty()));
        });
    }

    private void post(Router router, String path, Dialect dialect) {
        router.route(path).method(HttpMethod.POST).handler(OpenAiRoutes::readAsJson);
        router.route(path)
                .method(HttpMethod.POST)
                .handler(BodyHandler.create(false).setBodyLimit(settings.maxBodyBytes()));
        router.route(path)
                .method(HttpMethod.POST)
                .handler(context -> answer(context, dialect))
                .failureHandler(this::failed);
        router.route(path).handler(context -> wrongMethod(context, "POST"));
    }

    /** Tools such as curl call every body a form unless told otherwise; taken for one, a long prompt is refused. */
    private static void readAsJson(RoutingContext context) {
        context.put(ARRIVAL, System.nanoTime());
        context.request().headers().set(HttpHeaders.CONTENT_TYPE, "application/json");
        context.next();
    }

    private void answer(RoutingContext context, Dialect dialect) {
        switch (RequestHeaders.read(context.request().headers())) {
            case RequestHeaders.Unreadable unreadable -> refuse(context, unreadable.refusal());
            case RequestHeaders.Sound sound -> answer(context, dialect, sound);
        }
    }

    private void answer(RoutingContext context, Dialect dialect, RequestHeaders.Sound headers) {
        String body = Optional.ofNullable(context.body().asString()).orElse("");
        long bytes = context.body().length();
        if (heldBytes.addAndGet(bytes) > settings.maxHeldBytes()) {
            heldBytes.addAndGet(-bytes);
            drops.accept(DropReason.BytesHeld);
            // when there will be room is reckoned under the queue's lock, for which connections must not wait
            Thread.ofVirtual().name("refusal").start(() -> refuseBytes(context));
            return;
        }
        String id = (dialect == Dialect.CHAT ? "chatcmpl-" : "cmpl-") + UUID.randomUUID();
        Terms terms = new Terms(
                headers.deadline().orElse(clock.instant().plus(settings.deadline())),
                headers.priority(),
                settings.patience(),
                false,
                headers.fairnessId());
        RawRequest raw = new RawRequest(id, dialect, body, terms);
        Cancellation cancellation = new Cancellation();
        context.response().closeHandler(closed -> cancellation.cancel());
        Thread.ofVirtual().name(id).start(() -> {
            try {
                Optional<String> key = Optional.ofNullable(context.request().getHeader(IdempotencyKeys.HEADER));
                if (key.isEmpty()) {
                    Outcome ignored = run(context, raw, headers, clock.instant(), cancellation);
                } else {
                    once(context, raw, headers, key.orElseThrow(), cancellation);
                }
            } finally {
                heldBytes.addAndGet(-bytes);
            }
        });
    }

    /** Refuses one that does not come to be answered. */
    private void refuse(RoutingContext context, Outcome.Refused refusal) {
        Replies.refuse(context, refusal);
        ends.refused(refusal.code(), took(context));
    }

    private static Duration took(RoutingContext context) {
        long now = System.nanoTime();
        return Duration.ofNanos(
                now - Optional.ofNullable(context.<Long>get(ARRIVAL)).orElse(now));
    }

    private void refuseBytes(RoutingContext context) {
        refuse(
                context,
                Outcome.Refused.later(
                                ErrorCode.NO_CAPACITY,
                                429,
                                "too many bytes of requests are held already: ask again later",
                                room.get())
                        .dropped(DropReason.BytesHeld));
    }

    private Outcome run(
            RoutingContext context,
            RawRequest raw,
            RequestHeaders.Sound headers,
            Instant created,
            Cancellation cancellation) {
        HttpAnswer answer = new HttpAnswer(context.response(), created, settings.readerPatience());
        Outcome outcome = headers.trace()
                .map(trace -> ScopedValue.where(Tracing.CONTEXT, trace)
                        .call(() -> answering.answer(raw, answer, cancellation)))
                .orElseGet(() -> answering.answer(raw, answer, cancellation));
        answer.end(context, outcome);
        return outcome;
    }

    /** Runs a request unless one of its key has been answered; then says the same again. */
    private void once(
            RoutingContext context,
            RawRequest raw,
            RequestHeaders.Sound headers,
            String key,
            Cancellation cancellation) {
        if (key.isBlank() || key.length() > IdempotencyKeys.MAX_CHARACTERS) {
            refuse(
                    context,
                    Outcome.Refused.of(
                            ErrorCode.INVALID_REQUEST,
                            "header " + IdempotencyKeys.HEADER + " must have 1 to " + IdempotencyKeys.MAX_CHARACTERS
                                    + " characters",
                            IdempotencyKeys.HEADER));
            return;
        }
        String digest = raw.dialect() + BodyDigest.of(raw.body());
        while (true) {
            switch (keys.begin(key, digest)) {
                case IdempotencyKeys.Start.Fresh fresh -> {
                    Instant created = clock.instant();
                    Optional<Outcome> outcome = Optional.empty();
                    try {
                        outcome = Optional.of(run(context, raw, headers, created, cancellation));
                    } finally {
                        keys.end(key, fresh, outcome, created);
                    }
                    return;
                }
                case IdempotencyKeys.Start.Again again -> {
                    Optional<KeptReply> kept;
                    try {
                        kept = twin(again, cancellation);
                    } catch (InterruptedException e) {
                        // its client hung up
                        ends.refused(ErrorCode.CANCELLED, took(context));
                        return;
                    }
                    if (kept.isPresent()) {
                        context.response().putHeader(IdempotencyKeys.REPLAYED, "true");
                        kept.orElseThrow().send(context.response());
                        ends.replayed(took(context));
                        return;
                    }
                }
                case IdempotencyKeys.Start.Other other -> {
                    Replies.error(
                            context,
                            422,
                            OpenAiJson.error(
                                    "a request with this " + IdempotencyKeys.HEADER
                                            + " and another body came before: give each request a key of its own",
                                    "invalid_request_error",
                                    "idempotency_key_reused",
                                    Optional.of(IdempotencyKeys.HEADER)));
                    ends.refused(ErrorCode.INVALID_REQUEST, took(context));
                    return;
                }
            }
        }
    }

    /** Waits for the end of a request that came before, unless the client hangs up. */
    private static Optional<KeptReply> twin(IdempotencyKeys.Start.Again again, Cancellation cancellation)
            throws InterruptedException {
        cancellation.begin();
        try {
            return again.answer().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("no request ends its promise by a failure", e);
        } finally {
            cancellation.over();
        }
    }

    private void models(RoutingContext context) {
        Replies.json(context, 200, OpenAiJson.models(directory.all()));
    }

    private void model(RoutingContext context) {
        String name = context.normalizedPath().substring("/v1/models/".length());
        Optional<Deployment> found = directory.find(name);
        found.ifPresentOrElse(
                deployment -> Replies.json(context, 200, OpenAiJson.model(deployment)),
                () -> Replies.refuse(
                        context,
                        Outcome.Refused.of(ErrorCode.MODEL_NOT_FOUND, "no model " + name + " is deployed", "model")));
    }

    private void failed(RoutingContext context) {
        boolean tooLong = context.statusCode() == 413;
        int status = context.statusCode() >= 400 ? context.statusCode() : 500;
        ObjectNode error = tooLong
                ? OpenAiJson.error(
                        "the body has more than " + settings.maxBodyBytes() + " bytes",
                        "invalid_request_error",
                        "body_too_large",
                        Optional.empty())
                : OpenAiJson.error(
                        "the request could not be read",
                        status < 500 ? "invalid_request_error" : "server_error",
                        status < 500 ? "invalid_request" : "internal_error",
                        Optional.empty());
        Replies.error(context, status, error);
        ends.refused(status < 500 ? ErrorCode.INVALID_REQUEST : ErrorCode.AGENT_LOST, took(context));
    }

    private static void wrongMethod(RoutingContext context, String allowed) {
        context.response().putHeader("Allow", allowed);
        String message = "method " + context.request().method() + " is not allowed here: use " + allowed;
        Replies.error(
                context,
                405,
                OpenAiJson.error(message, "invalid_request_error", "method_not_allowed", Optional.empty()));
    }
}
