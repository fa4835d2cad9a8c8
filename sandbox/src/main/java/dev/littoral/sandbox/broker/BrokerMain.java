package dev.littoral.sandbox.broker;

import dev.littoral.sandbox.process.Arguments;
import dev.littoral.sandbox.process.Parent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * Runs one Kafka broker with its own controller (KRaft) on loopback: {@code --data DIR --address-file FILE [--port PORT]}. The file
 * appears, with the bootstrap address, when the broker takes requests. {@link SecuredListener} says what more there is.
 */
public final class BrokerMain {

    private BrokerMain() {}

    /** Starts the broker and returns when it has ended. */
    public static void main(String[] args) throws Exception {
        Arguments arguments = Arguments.parse(args);
        Path data = Path.of(arguments.required("data")).toAbsolutePath();
        Path addressFile = Path.of(arguments.required("address-file")).toAbsolutePath();
        int port = arguments.optional("port").map(Integer::parseInt).orElseGet(BrokerMain::freePort);
        String address = "127.0.0.1:" + port;
        Properties settings = settings(data, port, freePort());
        Optional<SecuredListener> secured = SecuredListener.of(
                arguments,
                arguments.optional("sasl-port").map(Integer::parseInt).orElseGet(BrokerMain::freePort));
        secured.ifPresent(each -> each.into(settings));

        if (!Files.exists(data.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
            format(data);
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
        server.startup();
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
        Parent.dieWithIt();
        if (secured.isPresent()) {
            publish(secured.get().addressFile(), secured.get().address());
        }
        publish(addressFile, address);
        System.out.println("broker at " + address);
        server.awaitShutdown();
    }

    private static Properties settings(Path data, int port, int controllerPort) {
        Properties settings = new Properties();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.put("listeners", "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controllerPort));
        settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        settings.put("log.dirs", data.toString());
        for (String topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            settings.put(topic + ".replication.factor", "1");
            settings.put(topic + ".num.partitions", "1");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        // what follows a transaction at once waits for its marks this long, which take one
        settings.put("add.partitions.to.txn.retry.backoff.ms", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("num.partitions", "4");
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
        settings.put("log.cleaner.dedupe.buffer.size", "2097152");
        return settings;
    }

    private static void format(Path data) throws Exception {
        new Formatter()
                .setPrintStream(System.out)
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(1)
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(data.toString())
                .addDirectory(data.toString())
                .setIgnoreFormatted(true)
                .setReleaseVersion(MetadataVersion.latestProduction())
                .run();
    }

    /** Kafka cannot advertise a port that the system picks, so one that is free now is taken. */
    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no port is free on loopback", e);
        }
    }

    private static void publish(Path file, String address) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, address);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
