package dev.littoral.sandbox.apiserver.objects;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Tells what became of a write.
 *
 * @param object the object as it is stored now, or would be
 * @param created whether it is new
 * @param warnings what the client should know
 */
public record Written(ObjectNode object, boolean created, List<String> warnings) {}
