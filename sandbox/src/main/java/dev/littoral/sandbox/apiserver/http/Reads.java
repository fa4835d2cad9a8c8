package dev.littoral.sandbox.apiserver.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.objects.Objects;
import dev.littoral.sandbox.apiserver.resource.ResourceType.ScalePaths;

/** Answers what asks for objects, parts of them, or logs. */
final class Reads {

    private final Objects objects;
    private final Lists lists;
    private final Shapes shapes;
    private final PodLogs logs;

    Reads(Objects objects, Lists lists, Shapes shapes) {
        this.objects = objects;
        this.lists = lists;
        this.shapes = shapes;
        this.logs = new PodLogs(objects);
    }

    Answer answer(Target target, Call call) {
        if (target.collection()) {
            return lists.answer(target, call);
        }
        ObjectNode object = objects.get(target.type(), target.namespace(), target.name());
        return switch (target.subresource()) {
            case "" -> Answer.json(200, shapes.one(target.type(), object, true, call));
            case "status" -> {
                if (!target.type().status()) {
                    throw Refusal.unknownPath();
                }
                yield Answer.json(200, shapes.one(target.type(), object, true, call));
            }
            case "scale" -> {
                ScalePaths paths = target.type().scale().orElseThrow(Refusal::unknownPath);
                yield Answer.json(200, shapes.one(ScalePaths.COLUMNS, Scales.of(paths, object), true, call));
            }
            case "log" -> {
                if (!target.type().storageKind().equals("/pods")) {
                    throw Refusal.unknownPath();
                }
                yield logs.answer(target, object, call);
            }
            default -> throw Refusal.unknownPath();
        };
    }
}
