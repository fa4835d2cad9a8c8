package dev.littoral.engine.onnx;

/** The sum so far and what is yet to be added to it; nothing is when {@code added} is empty. */
record Residual(String sum, String added) {}
