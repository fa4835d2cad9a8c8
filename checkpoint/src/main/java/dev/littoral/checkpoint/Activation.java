package dev.littoral.checkpoint;

/** The function on the gate of an MLP. */
public enum Activation {
    /** The number times its sigmoid. */
    SILU("silu"),
    /** GELU by its approximation with tanh. */
    GELU_TANH("gelu_pytorch_tanh");

    private final String configName;

    Activation(String configName) {
        this.configName = configName;
    }

    /** Gives the name that config.json has for it. */
    public String configName() {
        return configName;
    }
}
