package dev.littoral.sandbox.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.sandbox.process.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerIT {

    @TempDir
    Path folder;

    @Test
    void aBrokerSaysItsAddressWhenItTakesRequestsAndEndsWhenAsked() throws Exception {
        Path address = folder.resolve("address");
        Child broker = Child.start(
                "broker",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx160m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BrokerMain.class.getName(),
                        "--data",
                        folder.resolve("data").toString(),
                        "--address-file",
                        address.toString()),
                Map.of(),
                Path.of("target/broker-it.log"));
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(address));
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", Files.readString(address)))) {
                admin.createTopics(List.of(new NewTopic("t", 2, (short) 1)))
                        .all()
                        .get();
                assertThat(admin.describeTopics(List.of("t")).allTopicNames().get())
                        .containsOnlyKeys("t");
            }
        } finally {
            broker.stop(Duration.ofSeconds(10));
        }
        assertThat(broker.process().waitFor()).isIn(0, 143);
    }
}
