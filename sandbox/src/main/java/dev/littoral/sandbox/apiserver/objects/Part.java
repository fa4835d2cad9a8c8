package dev.littoral.sandbox.apiserver.objects;

/** Says which part of an object a write is for. */
public enum Part {
    /** All but the status, where the status has a subresource of its own. */
    WHOLE(""),
    /** The status only. */
    STATUS("status"),
    /** All but the status, written through the wanted number of replicas. */
    SCALE("scale");

    private final String subresource;

    Part(String subresource) {
        this.subresource = subresource;
    }

    /** Gives the subresource as paths and managed fields name it, empty for the object itself. */
    public String subresource() {
        return subresource;
    }
}
