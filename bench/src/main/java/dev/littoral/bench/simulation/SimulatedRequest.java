package dev.littoral.bench.simulation;

import dev.littoral.algorithms.routing.LengthForecast;
import dev.littoral.algorithms.routing.RunningAnswer;
import dev.littoral.algorithms.routing.WaitingRequest;

/** A request on its way through the simulation. */
final class SimulatedRequest {

    final WaitingRequest asked;
    final int service;
    final double answerTokens;
    double writtenTokens;
    /** Of the device's token count: where its answer began, and where it will end. */
    double begin;

    double end;
    double unreadTokens;

    SimulatedRequest(WaitingRequest asked, int service, double answerTokens) {
        this.asked = asked;
        this.service = service;
        this.answerTokens = answerTokens;
    }

    /** Gives the tokens of its prompt, with what it had written before it was evicted. */
    double prompt() {
        return asked.promptTokens() + writtenTokens;
    }

    RunningAnswer running(double deviceTokens) {
        LengthForecast answer = asked.answer();
        boolean reads = unreadTokens > 0;
        return new RunningAnswer(
                asked.deadlineSeconds(),
                unreadTokens,
                reads ? writtenTokens : writtenTokens + deviceTokens - begin,
                answer);
    }
}
