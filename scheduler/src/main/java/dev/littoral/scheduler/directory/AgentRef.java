package dev.littoral.scheduler.directory;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names an agent that takes prompts.
 *
 * @param pod the pod's name
 * @param address ip:port of its gRPC server
 */
public record AgentRef(String pod, String address) {

    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[0-9A-Za-z.-]+):[0-9]{1,5}");

    /** Names an agent if the address can be one. */
    public static Optional<AgentRef> of(String pod, String address) {
        if (!ADDRESS.matcher(address).matches()) {
            return Optional.empty();
        }
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        return port >= 1 && port <= 65_535 ? Optional.of(new AgentRef(pod, address)) : Optional.empty();
    }
}
