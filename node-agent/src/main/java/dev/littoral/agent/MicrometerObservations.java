package dev.littoral.agent;

import dev.littoral.agent.serve.Observations;
import dev.littoral.agent.stage.ProcessMemory;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/** Counts answers, tokens and slots for Prometheus. */
final class MicrometerObservations implements Observations {

    private final MeterRegistry registry;
    private final Counter promptTokens;
    private final Counter completionTokens;
    private final Timer firstToken;

    MicrometerObservations(MeterRegistry registry) {
        this.registry = registry;
        promptTokens = Counter.builder("littoral.agent.prompt.tokens")
                .description("Tokens of prompts that got a slot")
                .register(registry);
        completionTokens = Counter.builder("littoral.agent.completion.tokens")
                .description("Tokens generated")
                .register(registry);
        firstToken = Timer.builder("littoral.agent.first.token")
                .description("From a request's arrival to its first token")
                .register(registry);
    }

    /** Shows slots, cache and memory of a running agent. */
    void watch(AgentRuntime agent) {
        gauge("littoral.agent.slots", "Sequences that can run at once", agent, a ->
                (double) a.settings().slots());
        gauge("littoral.agent.slots.free", "Slots that nothing holds", agent, a ->
                (double) a.state().freeSlots());
        gauge("littoral.agent.sequences.running", "Sequences that hold a slot", agent, a ->
                (double) a.state().running());
        gauge("littoral.agent.kv.tokens", "Tokens in the KV cache", agent, a ->
                (double) a.state().cachedTokens());
        gauge("littoral.agent.weight.bytes", "Bytes of the stage's weights", agent, a ->
                (double) a.state().stage().getWeightBytes());
        gauge("littoral.agent.resident.bytes", "Memory of the process", agent, a ->
                (double) ProcessMemory.residentBytes());
        gauge(
                "littoral.agent.ready",
                "1 when prompts can run to the last stage",
                agent,
                a -> a.state().ready() ? 1.0 : 0.0);
        watchSteps(agent);
    }

    /** Shows how the stage of this process runs: rows by steps are the mean batch. */
    private void watchSteps(AgentRuntime agent) {
        counter("littoral.agent.steps", "Runs of the graph", agent, a ->
                (double) a.activity().steps());
        counter("littoral.agent.decode.steps", "Runs with one row for each of some sequences", agent, a ->
                (double) a.activity().decodeSteps());
        counter("littoral.agent.decode.rows", "Rows in those runs", agent, a ->
                (double) a.activity().decodeRows());
        counter("littoral.agent.prompt.rows", "Rows of prompts and drafts that ran", agent, a ->
                (double) a.activity().promptRows());
        counter("littoral.agent.prompt.reused.rows", "Rows of prompts that a slot held", agent, a ->
                (double) a.activity().reusedRows());
        gauge("littoral.agent.sequences.waiting", "Sequences that wait for a step", agent, a ->
                (double) a.activity().waiting());
    }

    private void counter(String name, String description, AgentRuntime agent, ToDoubleFunction<AgentRuntime> value) {
        FunctionCounter.builder(name, agent, value).description(description).register(registry);
    }

    private void gauge(String name, String description, AgentRuntime agent, ToDoubleFunction<AgentRuntime> value) {
        Gauge.builder(name, agent, value).description(description).register(registry);
    }

    @Override
    public void promptTaken(int tokens) {
        promptTokens.increment(tokens);
    }

    @Override
    public void firstToken(Duration sinceArrival) {
        firstToken.record(sinceArrival);
    }

    @Override
    public void tokensGiven(int tokens) {
        completionTokens.increment(tokens);
    }

    @Override
    public void answerEnded(String outcome) {
        registry.counter("littoral.agent.answers", "outcome", outcome).increment();
    }
}
