package dev.littoral.agent.peer;

/** Names the gRPC server of another agent by a literal address, so that no name is looked up. */
record PeerAddress(String host, int port) {

    /** Takes {@code ip:port} or {@code [ipv6]:port}. */
    static PeerAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("'" + text + "' has no port");
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (!host.matches("\\d{1,3}(\\.\\d{1,3}){3}") && !(bracketed && host.matches("\\[[0-9a-fA-F:.]+]"))) {
            throw new IllegalArgumentException("'" + host + "' is no IP address");
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (port > 0 && port <= 65_535) {
                return new PeerAddress(bracketed ? host.substring(1, host.length() - 1) : host, port);
            }
        } catch (NumberFormatException e) {
            // told below, in the same words as a port out of range
        }
        throw new IllegalArgumentException("'" + text.substring(colon + 1) + "' is no port");
    }

    @Override
    public String toString() {
        return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    }
}
