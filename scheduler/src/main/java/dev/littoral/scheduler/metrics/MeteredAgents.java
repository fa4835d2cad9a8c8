package dev.littoral.scheduler.metrics;

import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.scheduler.agents.AgentClient;
import dev.littoral.scheduler.agents.CallEnd;
import dev.littoral.scheduler.request.ReaderGone;
import dev.littoral.scheduler.traffic.TrafficMeter;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/** Counts the tokens that come from each agent. */
public final class MeteredAgents implements AgentClient {

    private final AgentClient client;
    private final TrafficMeter meter;

    /** Measures the answers to this client. */
    public MeteredAgents(AgentClient client, TrafficMeter meter) {
        this.client = client;
        this.meter = meter;
    }

    @Override
    public CallEnd generate(String address, GenerateRequest request, Duration timeout, EventReader reader)
            throws InterruptedException, ReaderGone {
        return client.generate(address, request, timeout, new Counted(address, reader));
    }

    @Override
    public Optional<AgentDescription> describe(String address, Duration timeout) throws InterruptedException {
        return client.describe(address, timeout);
    }

    @Override
    public void retain(Collection<String> addresses) {
        client.retain(addresses);
    }

    @Override
    public void close() {
        client.close();
    }

    private final class Counted implements EventReader {

        private final String address;
        private final EventReader reader;
        private int counted;

        Counted(String address, EventReader reader) {
            this.address = address;
            this.reader = reader;
        }

        @Override
        public boolean read(GenerateEvent event) throws InterruptedException, ReaderGone {
            count(event);
            return reader.read(event);
        }

        @Override
        public boolean readLast(GenerateEvent event) throws InterruptedException, ReaderGone {
            count(event);
            return reader.readLast(event);
        }

        private void count(GenerateEvent event) {
            int tokens = event.getDelta().getCompletionTokens();
            if (tokens > counted) {
                meter.generated(address, tokens - counted);
                counted = tokens;
            }
        }
    }
}
