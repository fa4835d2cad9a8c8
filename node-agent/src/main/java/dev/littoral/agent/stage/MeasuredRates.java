package dev.littoral.agent.stage;

/** Gives the speed of one sequence in this stage alone, as measured after loading. */
public record MeasuredRates(double prefillTokensPerSecond, double decodeTokensPerSecond) {}
