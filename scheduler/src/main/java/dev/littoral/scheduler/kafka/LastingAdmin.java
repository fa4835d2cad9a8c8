package dev.littoral.scheduler.kafka;

import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jboss.logging.Logger;

/**
 * A client for questions to the brokers that is made anew when it has told nothing for long: its own thread may have died
 * of an error, and then it would never tell anything again.
 */
@Singleton
class LastingAdmin implements AutoCloseable {

    /** A question that the broker does not answer fails after this time. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    static final Duration LONGEST_SILENCE = PATIENCE.multipliedBy(3);

    private static final Logger LOG = Logger.getLogger(LastingAdmin.class);

    private final Supplier<Admin> making;
    private final LongSupplier nanoTime;
    private Optional<Admin> admin = Optional.empty();
    /** When the first question was asked since something was told. */
    private OptionalLong silentSince = OptionalLong.empty();

    @Inject
    LastingAdmin(@Identifier("default-kafka-broker") Map<String, Object> defaults) {
        this(() -> Admin.create(settings(defaults)), System::nanoTime);
    }

    LastingAdmin(Supplier<Admin> making, LongSupplier nanoTime) {
        this.making = making;
        this.nanoTime = nanoTime;
    }

    private static Map<String, Object> settings(Map<String, Object> defaults) {
        Map<String, Object> settings = new HashMap<>(defaults);
        settings.keySet().retainAll(AdminClientConfig.configNames());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        return settings;
    }

    /**
     * Returns the client for one more question; {@link #told} is to be called when it is answered. What another one was
     * asked may never be.
     */
    synchronized Admin toAsk() {
        long now = nanoTime.getAsLong();
        if (silentSince.isPresent() && now - silentSince.getAsLong() > LONGEST_SILENCE.toNanos()) {
            LOG.infof("the broker has told nothing for %s, and is asked by another client", LONGEST_SILENCE);
            silentSince = OptionalLong.empty();
            close();
        }
        if (admin.isEmpty()) {
            admin = Optional.of(making.get());
        }
        if (silentSince.isEmpty()) {
            silentSince = OptionalLong.of(now);
        }
        return admin.orElseThrow();
    }

    /** Notes that a question was answered. */
    synchronized void told() {
        silentSince = OptionalLong.empty();
    }

    @PreDestroy
    @Override
    public synchronized void close() {
        Optional<Admin> old = admin;
        admin = Optional.empty();
        old.ifPresent(each -> each.close(Duration.ZERO));
    }
}
