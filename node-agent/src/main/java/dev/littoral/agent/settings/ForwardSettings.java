package dev.littoral.agent.settings;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Says which server of the OpenAI API answers for this agent, for whom, and within which bounds; everything in it has
 * been checked.
 *
 * @param pod the agent's name
 * @param node the node's name
 * @param bind address that the servers listen on
 * @param grpcPort port of the gRPC server, 0 for a free one
 * @param deployment {@code namespace/name}
 * @param plan id of the plan
 * @param model name under which the model is served
 * @param contextTokens longest prompt and answer together that the server takes
 * @param slots requests at once that the server is given
 * @param server where the requests go
 * @param limits bounds of the service
 */
public record ForwardSettings(
        String pod,
        String node,
        String bind,
        int grpcPort,
        String deployment,
        String plan,
        String model,
        int contextTokens,
        int slots,
        Server server,
        AgentSettings.Limits limits)
        implements ServiceSettings {

    /**
     * Says how the server is reached.
     *
     * @param root without {@code /v1} and without a slash at its end
     * @param apiKey sent with every request where there is one
     * @param model as the server names it
     * @param firstEvent time for the first part of an answer, which comes after the prompt was read
     * @param nextEvent time for each part after it
     * @param poll time between two questions how the server is
     */
    public record Server(
            URI root, Optional<ApiKey> apiKey, String model, Duration firstEvent, Duration nextEvent, Duration poll) {}
}
