package dev.littoral.crds;

/** What the name of a Kubernetes object may be. */
final class Names {

    /** A DNS subdomain in lower case (RFC 1123). */
    static final String PATTERN = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

    private Names() {}
}
