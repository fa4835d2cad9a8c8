package dev.littoral.operator.modeldeployment;

import dev.littoral.crds.NodeServer;

/**
 * What a deployment asks for that servers on the nodes answer.
 *
 * @param contextTokens longest prompt and answer together that the server takes
 * @param slots requests at once that a server is given
 */
record ServerDemand(NodeServer server, int contextTokens, int slots) {}
