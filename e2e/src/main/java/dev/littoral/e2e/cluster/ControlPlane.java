package dev.littoral.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs a real etcd, kube-apiserver and kube-controller-manager on loopback, with ports, keys and a token of their own.
 *
 * <p>There is no scheduler and no kubelet: pods are stored and collected, and stay pending. Of the controllers those run
 * that clean up (garbage collection, namespaces) and the one that gives each namespace its service account.
 */
public final class ControlPlane implements AutoCloseable {

    private static final int ATTEMPTS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final List<GuardedProcess> processes;
    private final Path kubeconfig;

    private ControlPlane(List<GuardedProcess> processes, Path kubeconfig) {
        this.processes = processes;
        this.kubeconfig = kubeconfig;
    }

    /**
     * Starts a control plane and returns when its API server is ready.
     *
     * @param folder where data, keys and logs go; emptied first if a control plane used it before
     * @throws IllegalArgumentException if the folder holds anything else
     * @throws IllegalStateException if a program ends or is not ready within 90 s, with the last lines of its log
     */
    public static ControlPlane start(Programs programs, Path folder) {
        Path home = folder.toAbsolutePath().normalize();
        for (int attempt = 1; ; attempt++) {
            Optional<ControlPlane> started = attempt(programs, home, attempt == ATTEMPTS);
            if (started.isPresent()) {
                return started.get();
            }
        }
    }

    /** Gives the path of the kubeconfig of a user who may do everything. */
    public Path kubeconfig() {
        return kubeconfig;
    }

    /** Ends all programs. */
    @Override
    public void close() {
        processes.reversed().forEach(GuardedProcess::close);
    }

    /** Says whether every program still runs. */
    public boolean isAlive() {
        return processes.stream().allMatch(GuardedProcess::isAlive);
    }

    /** Returns nothing if another process took one of our ports meanwhile and this was not the last attempt. */
    private static Optional<ControlPlane> attempt(Programs programs, Path home, boolean last) {
        DataFolder.empty(home);
        ControlPlaneCommands commands = new ControlPlaneCommands(programs, home, FreePorts.find(3));
        List<GuardedProcess> processes = new ArrayList<>();
        ControlPlane plane = new ControlPlane(processes, commands.kubeconfig());
        try {
            processes.add(GuardedProcess.start(commands.etcd(), home.resolve("etcd.log")));
            processes.add(GuardedProcess.start(commands.apiServer(), home.resolve("kube-apiserver.log")));
            plane.awaitReady(commands.readiness(), home.resolve("readiness.log"));
            processes.add(
                    GuardedProcess.start(commands.controllerManager(), home.resolve("kube-controller-manager.log")));
            return Optional.of(plane);
        } catch (IllegalStateException e) {
            boolean portTaken = processes.stream().anyMatch(p -> p.output().contains("address already in use"));
            plane.close();
            if (portTaken && !last) {
                return Optional.empty();
            }
            throw e;
        } catch (RuntimeException e) {
            plane.close();
            throw e;
        }
    }

    private void awaitReady(List<String> probe, Path log) {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (!succeeds(probe, log)) {
            if (!isAlive()) {
                throw new IllegalStateException("a program of the control plane ended:\n" + logs());
            }
            if (System.nanoTime() > deadlineNanos) {
                throw new IllegalStateException("the control plane was not ready within " + PATIENCE + ":\n" + logs());
            }
            pause();
        }
    }

    private String logs() {
        return String.join("\n", processes.stream().map(p -> p.lastLines(10)).toList());
    }

    private static boolean succeeds(List<String> command, Path log) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command.getFirst(), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(Duration.ofMillis(200));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while the control plane started", e);
    }
}
