package dev.littoral.agent.settings;

/** Says who this agent is and how it serves, whatever stands behind it. */
public sealed interface ServiceSettings permits AgentSettings, ForwardSettings {

    /** Gives the agent's name. */
    String pod();

    /** Gives the node's name. */
    String node();

    /** Gives the address that the servers listen on. */
    String bind();

    /** Gives the port of the gRPC server, 0 for a free one. */
    int grpcPort();

    /** Gives the deployment as {@code namespace/name}. */
    String deployment();

    /** Gives the plan's id. */
    String plan();

    /** Gives the name under which the model is served. */
    String model();

    /** Gives the longest sequence, prompt and answer, in tokens. */
    int contextTokens();

    /** Gives how many sequences run at once. */
    int slots();

    /** Gives the bounds of the service. */
    AgentSettings.Limits limits();
}
