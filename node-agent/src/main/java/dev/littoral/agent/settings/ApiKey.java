package dev.littoral.agent.settings;

/** Is a secret with which the agent shows itself to a server; never written to a log. */
public record ApiKey(String value) {

    @Override
    public String toString() {
        return "ApiKey[…]";
    }
}
