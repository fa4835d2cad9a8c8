package dev.littoral.sandbox.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Asks a container's HTTP readiness probe; a container without one is ready while it runs. */
final class ReadinessProbe {

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();

    private final Optional<URI> uri;

    ReadinessProbe(Pod pod, String address) {
        Container container = pod.getSpec().getContainers().getFirst();
        this.uri = Optional.ofNullable(container.getReadinessProbe())
                .map(probe -> probe.getHttpGet())
                .map(get -> URI.create("http://" + address + ":" + port(container, get) + get.getPath()));
    }

    boolean ready() {
        return uri.map(ReadinessProbe::answers).orElse(true);
    }

    private static boolean answers(URI uri) {
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(1)).build();
        try {
            int status =
                    HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return status >= 200 && status < 400;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static int port(Container container, HTTPGetAction get) {
        if (get.getPort().getIntVal() != null) {
            return get.getPort().getIntVal();
        }
        return container.getPorts().stream()
                .filter(port -> port.getName().equals(get.getPort().getStrVal()))
                .map(ContainerPort::getContainerPort)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no port is named " + get.getPort()));
    }
}
