package dev.littoral.algorithms.offloading;

/**
 * What came of a slot.
 *
 * @param assignment the best that was found; it keeps within memory
 * @param value of that assignment
 * @param prices of memory at the end, to start the next slot from
 * @param rounds that were taken
 */
public record Offloading(Assignment assignment, double value, MemoryPrices prices, int rounds) {}
