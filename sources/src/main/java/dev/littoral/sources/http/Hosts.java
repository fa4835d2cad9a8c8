package dev.littoral.sources.http;

import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Says which hosts may be asked: never those by which clouds tell machines their secrets. */
final class Hosts {

    private Hosts() {}

    /**
     * Checks a host that a user or a server names.
     *
     * @param before the URI that redirected here, or the same one
     * @throws SourceException when requests must not go there
     */
    static void require(URI uri, URI before) throws UnknownHostException {
        String host = uri.getHost();
        if (host == null || uri.getRawUserInfo() != null) {
            throw unsafe(uri, "it has no plain host");
        }
        if ("https".equals(before.getScheme()) && !"https".equals(uri.getScheme())) {
            throw unsafe(uri, "it leaves TLS; serve it by https");
        }
        if (!"https".equals(uri.getScheme()) && !"http".equals(uri.getScheme())) {
            throw unsafe(uri, "it is neither http nor https");
        }
        InetAddress[] addresses = InetAddress.getAllByName(host);
        if (Arrays.stream(addresses)
                .anyMatch(a -> a.isLinkLocalAddress() || a.isAnyLocalAddress() || a.isMulticastAddress())) {
            throw unsafe(uri, "its address is one of the link alone, where no model lies");
        }
        if (loopback(addresses) && !loopback(InetAddress.getAllByName(before.getHost()))) {
            throw unsafe(uri, "another machine sends us to this one");
        }
    }

    private static boolean loopback(InetAddress[] addresses) {
        return Arrays.stream(addresses).anyMatch(InetAddress::isLoopbackAddress);
    }

    /** Says whether two URIs have the same scheme, host and port. */
    static boolean sameOrigin(URI one, URI other) {
        return String.valueOf(one.getScheme()).equalsIgnoreCase(other.getScheme())
                && String.valueOf(one.getHost()).equalsIgnoreCase(other.getHost())
                && port(one) == port(other);
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    }

    private static SourceException unsafe(URI uri, String why) {
        return new SourceException(
                Reason.SourceUnsafe, SourceException.shown(uri.toString()) + " is not asked: " + why);
    }
}
