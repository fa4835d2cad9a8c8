package dev.littoral.scheduler.request;

/** A request as it came in, its body unread. */
public record RawRequest(String id, Dialect dialect, String body, Terms terms) {}
