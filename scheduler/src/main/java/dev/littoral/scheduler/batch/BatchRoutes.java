package dev.littoral.scheduler.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.FileUpload;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/** Serves {@code /v1/files} and {@code /v1/batches}. */
@ApplicationScoped
class BatchRoutes {

    private static final Logger LOG = Logger.getLogger(BatchRoutes.class);
    private static final Set<String> ENDPOINTS = Set.of("/v1/chat/completions", "/v1/completions");
    private static final Map<String, Duration> WINDOWS = Map.of("24h", Duration.ofHours(24), "1h", Duration.ofHours(1));
    private static final int MOST_LISTED = 100;
    private static final int MOST_METADATA = 16;
    /** Before the routes of the OpenAI endpoint, which answer everything below /v1. */
    private static final int FIRST = 1;

    private final BatchSettings settings;
    private final BatchTopics topics;
    private final Clock clock;
    private Optional<Batches> batches = Optional.empty();

    BatchRoutes(BatchSettings settings, BatchTopics topics, Clock clock) {
        this.settings = settings;
        this.topics = topics;
        this.clock = clock;
    }

    @FunctionalInterface
    private interface Handling {
        void of(RoutingContext context) throws IOException;
    }

    void register(@Observes @Priority(FIRST) Router router) throws IOException {
        if (settings.folder().isEmpty()) {
            for (String path : List.of("/v1/files", "/v1/files/*", "/v1/batches", "/v1/batches/*")) {
                router.route(path)
                        .handler(context -> refuse(
                                context, 501, "no_batch_folder", "batches are off: set littoral.batch.folder", ""));
            }
            return;
        }
        Path folder = settings.folder().orElseThrow().toAbsolutePath();
        BatchFiles kept = new BatchFiles(folder, settings.maxFolderBytes());
        Batches led = new Batches(kept, topics, settings, clock);
        batches = Optional.of(led);
        led.resume();
        router.route("/v1/files")
                .method(HttpMethod.POST)
                .handler(BodyHandler.create(kept.uploads().toString())
                        .setBodyLimit(settings.maxFileBytes())
                        .setDeleteUploadedFilesOnEnd(true))
                .handler(blocking(context -> upload(context, kept)))
                .failureHandler(this::failed);
        router.get("/v1/files").handler(blocking(context -> listFiles(context, kept)));
        router.get("/v1/files/:id/content").handler(blocking(context -> content(context, kept)));
        router.get("/v1/files/:id")
                .handler(blocking(
                        context -> reply(context, 200, kept.find(id(context)).map(BatchJson::file), "file")));
        router.delete("/v1/files/:id").handler(blocking(context -> delete(context, led)));
        router.route("/v1/batches")
                .method(HttpMethod.POST)
                .handler(BodyHandler.create(false).setBodyLimit(1 << 16))
                .handler(blocking(context -> create(context, kept, led)))
                .failureHandler(this::failed);
        router.get("/v1/batches").handler(blocking(context -> listBatches(context, kept, led)));
        router.post("/v1/batches/:id/cancel")
                .handler(blocking(
                        context -> reply(context, 200, led.cancel(id(context)).map(BatchJson::batch), "batch")));
        router.get("/v1/batches/:id")
                .handler(blocking(
                        context -> reply(context, 200, led.find(id(context)).map(BatchJson::batch), "batch")));
    }

    void stop(@Observes ShutdownEvent event) {
        batches.ifPresent(Batches::close);
    }

    private static io.vertx.core.Handler<RoutingContext> blocking(Handling handling) {
        return context -> Thread.ofVirtual().name("batch-http").start(() -> {
            try {
                handling.of(context);
            } catch (IOException | RuntimeException e) {
                LOG.errorf(e, "%s %s failed", context.request().method(), context.normalizedPath());
                refuse(context, 500, "internal_error", "the folder of batches cannot be used: " + e.getMessage(), "");
            }
        });
    }

    private void upload(RoutingContext context, BatchFiles kept) throws IOException {
        String purpose = Optional.ofNullable(context.request().getFormAttribute("purpose"))
                .orElse("");
        List<FileUpload> uploads = context.fileUploads();
        if (!purpose.equals("batch")) {
            refuse(context, 400, "invalid_purpose", "purpose must be batch", "purpose");
        } else if (uploads.size() != 1) {
            refuse(context, 400, "missing_file", "send one file in the form field file", "file");
        } else {
            FileUpload upload = uploads.getFirst();
            Optional<BatchFiles.Stored> stored = kept.take(
                    Path.of(upload.uploadedFileName()),
                    upload.fileName(),
                    purpose,
                    clock.instant().getEpochSecond());
            if (stored.isPresent()) {
                reply(context, 200, stored.map(BatchJson::file), "file");
            } else {
                refuse(
                        context,
                        507,
                        "folder_full",
                        "the files here have " + settings.maxFolderBytes() + " bytes: delete some",
                        "file");
            }
        }
    }

    private static void listFiles(RoutingContext context, BatchFiles kept) throws IOException {
        reply(
                context,
                200,
                Optional.of(
                        BatchJson.list(kept.all().stream().map(BatchJson::file).toList(), false)),
                "file");
    }

    private static void content(RoutingContext context, BatchFiles kept) throws IOException {
        Optional<BatchFiles.Stored> file = kept.find(id(context));
        if (file.isEmpty()) {
            reply(context, 200, Optional.empty(), "file");
            return;
        }
        var ignored = context.response()
                .putHeader("Content-Type", "application/octet-stream")
                .sendFile(kept.content(file.orElseThrow().id()).toString());
    }

    private static void delete(RoutingContext context, Batches led) throws IOException {
        String id = id(context);
        switch (led.delete(id)) {
            case Batches.Deletion.Deleted _ -> reply(context, 200, Optional.of(BatchJson.deleted(id)), "file");
            case Batches.Deletion.NotThere _ -> reply(context, 200, Optional.empty(), "file");
            case Batches.Deletion.InUse use ->
                refuse(
                        context,
                        409,
                        "file_in_use",
                        "file " + id + " is the input of batch " + use.batch()
                                + ", which is not over: wait for its end or cancel it first",
                        "file_id");
        }
    }

    private void create(RoutingContext context, BatchFiles kept, Batches led) throws IOException {
        JsonNode body;
        try {
            body = new ObjectMapper()
                    .readTree(Optional.ofNullable(context.body().asString()).orElse(""));
        } catch (JsonProcessingException e) {
            refuse(context, 400, "invalid_json", "the body must be a JSON object", "");
            return;
        }
        String input = body.path("input_file_id").asText();
        String endpoint = body.path("endpoint").asText();
        String window = body.path("completion_window").asText();
        Duration time = WINDOWS.get(window);
        if (kept.find(input).isEmpty()) {
            refuse(context, 400, "file_not_found", "there is no file " + input, "input_file_id");
        } else if (!ENDPOINTS.contains(endpoint)) {
            refuse(context, 400, "invalid_endpoint", "endpoint must be one of " + ENDPOINTS, "endpoint");
        } else if (time == null) {
            refuse(
                    context,
                    400,
                    "invalid_window",
                    "completion_window must be one of " + WINDOWS.keySet(),
                    "completion_window");
        } else if (body.path("metadata").size() > MOST_METADATA) {
            refuse(
                    context,
                    400,
                    "invalid_metadata",
                    "metadata must have at most " + MOST_METADATA + " entries",
                    "metadata");
        } else {
            Optional<Batch> batch = led.create(input, endpoint, window, time, BatchJson.texts(body.path("metadata")));
            if (batch.isPresent()) {
                reply(context, 200, batch.map(BatchJson::batch), "batch");
            } else {
                context.response().putHeader("Retry-After", "60");
                refuse(context, 429, "too_many_batches", settings.maxRunning() + " batches run: come back later", "");
            }
        }
    }

    private static void listBatches(RoutingContext context, BatchFiles kept, Batches led) throws IOException {
        List<Batch> all = kept.batches();
        String after = Optional.ofNullable(context.request().getParam("after")).orElse("");
        int limit;
        try {
            limit = Integer.parseInt(
                    Optional.ofNullable(context.request().getParam("limit")).orElse("20"));
        } catch (NumberFormatException e) {
            limit = 0;
        }
        if (limit < 1 || limit > MOST_LISTED) {
            refuse(context, 400, "invalid_limit", "limit must be 1 to " + MOST_LISTED, "limit");
            return;
        }
        int from = 0;
        for (int each = 0; each < all.size(); each++) {
            if (all.get(each).id().equals(after)) {
                from = each + 1;
            }
        }
        List<ObjectNode> page = new java.util.ArrayList<>();
        for (Batch each : all.subList(from, Math.min(all.size(), from + limit))) {
            page.add(BatchJson.batch(led.find(each.id()).orElse(each)));
        }
        reply(context, 200, Optional.of(BatchJson.list(page, from + limit < all.size())), "batch");
    }

    private static String id(RoutingContext context) {
        return Optional.ofNullable(context.pathParam("id")).orElse("");
    }

    private void failed(RoutingContext context) {
        if (context.statusCode() == 413) {
            refuse(
                    context,
                    413,
                    "file_too_large",
                    "a file may have at most " + settings.maxFileBytes() + " bytes",
                    "file");
        } else {
            refuse(
                    context,
                    Math.max(400, context.statusCode()),
                    "invalid_request",
                    "the request could not be read",
                    "");
        }
    }

    private static void reply(RoutingContext context, int status, Optional<ObjectNode> body, String kind) {
        if (body.isEmpty()) {
            refuse(context, 404, kind + "_not_found", "there is no such " + kind, "");
            return;
        }
        var ignored = context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body.orElseThrow().toString());
    }

    private static void refuse(RoutingContext context, int status, String code, String message, String parameter) {
        if (!context.response().ended()) {
            var ignored = context.response()
                    .setStatusCode(status)
                    .putHeader("Content-Type", "application/json")
                    .end(BatchJson.error(message, code, parameter).toString());
        }
    }
}
