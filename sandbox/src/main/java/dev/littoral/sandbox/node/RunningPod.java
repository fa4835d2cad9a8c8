package dev.littoral.sandbox.node;

import dev.littoral.sandbox.node.PodStatusReport.State;
import dev.littoral.sandbox.process.Child;
import dev.littoral.sandbox.process.ResidentMemory;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One pod's process from start to end: restarts it with a growing pause when it fails, asks its readiness probe, ends it
 * when it holds more memory than its limit, and stops it when the pod is deleted.
 */
final class RunningPod implements Runnable {

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final long PROBE_MILLIS = 250;

    private final KubernetesClient client;
    private final Path folder;
    private final Path log;
    private final Pod pod;
    private final String address;
    private final PodStatusReport report;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Optional<Child> child = Optional.empty();
    private volatile boolean deleted;
    private int restarts;

    RunningPod(KubernetesClient client, Path data, Pod pod, String address, PodStatusReport report) {
        this.client = client;
        this.folder = data.resolve(pod.getMetadata().getName());
        this.log = data.resolve("logs").resolve(pod.getMetadata().getName() + ".log");
        this.pod = pod;
        this.address = address;
        this.report = report;
    }

    String address() {
        return address;
    }

    long memoryBytes() {
        return memoryBytes(pod);
    }

    /** Returns what the pod asks for. */
    static long memoryBytes(Pod pod) {
        return pod.getSpec().getContainers().stream()
                .flatMap(container -> Optional.ofNullable(container.getResources())
                        .map(resources -> resources.getRequests())
                        .map(requests -> requests.get("memory"))
                        .stream())
                .mapToLong(quantity -> Quantity.getAmountInBytes(quantity).longValue())
                .sum();
    }

    /** Takes note of a change of the pod. */
    void seen(Pod changed) {
        DownwardVolume.write(changed, folder);
        if (changed.getMetadata().getDeletionTimestamp() != null && !deleted) {
            deleted = true;
            Duration grace =
                    Duration.ofSeconds(Optional.ofNullable(changed.getMetadata().getDeletionGracePeriodSeconds())
                            .orElse(5L));
            Thread.ofVirtual().start(() -> {
                ended.countDown();
                child.ifPresent(process -> process.stop(grace));
                report.gone();
            });
        }
    }

    /** Ends the process at once. */
    void kill() {
        deleted = true;
        ended.countDown();
        child.ifPresent(Child::kill);
    }

    @Override
    public void run() {
        try {
            annotateLog();
            Duration pause = Duration.ofSeconds(1);
            while (!deleted) {
                State failure = runOnce();
                if (deleted || ended.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                report.running(failure);
                restarts++;
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        } catch (InterruptedException e) {
            kill();
        } catch (RuntimeException e) {
            report.refused("CannotRun", String.valueOf(e.getMessage()));
        }
    }

    /** Tells {@code kubectl logs} where the output is. */
    private void annotateLog() {
        client.resource(pod).edit(current -> {
            current.getMetadata().getAnnotations().put("sandbox.littoral.dev/log", log.toString());
            return current;
        });
    }

    private State runOnce() throws InterruptedException {
        DownwardVolume.write(pod, folder);
        PodCommand command = PodCommand.of(pod, address, folder);
        Child process = Child.start(pod.getMetadata().getName(), command.command(), command.environment(), log);
        child = Optional.of(process);
        if (deleted) {
            process.kill();
        }
        ReadinessProbe probe = new ReadinessProbe(pod, address);
        long limit = memoryLimit();
        while (!process.process().waitFor(PROBE_MILLIS, TimeUnit.MILLISECONDS)) {
            report.running(new State(address, true, !deleted && probe.ready(), restarts, "", ""));
            long resident = ResidentMemory.bytes(process.process().pid()).orElse(0);
            if (resident > limit) {
                process.kill();
                process.process().waitFor();
                return failed("OOMKilled", "held %d bytes, its limit is %d".formatted(resident, limit));
            }
        }
        return failed(
                "CrashLoopBackOff",
                "ended with exit status %d; see %s".formatted(process.process().exitValue(), log));
    }

    private State failed(String reason, String message) {
        System.out.println(pod.getMetadata().getName() + ": " + reason + ": " + message);
        return new State(address, false, false, restarts, reason, message);
    }

    private long memoryLimit() {
        return Optional.ofNullable(pod.getSpec().getContainers().getFirst().getResources())
                .map(resources -> resources.getLimits())
                .map(limits -> limits.get("memory"))
                .map(quantity -> Quantity.getAmountInBytes(quantity).longValue())
                .orElse(Long.MAX_VALUE);
    }
}
