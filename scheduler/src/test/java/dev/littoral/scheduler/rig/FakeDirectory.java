package dev.littoral.scheduler.rig;

import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.directory.Deployment;
import dev.littoral.scheduler.directory.DeploymentDirectory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Deployments that a test sets. */
public final class FakeDirectory implements DeploymentDirectory {

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile List<Deployment> deployments = List.of();
    private volatile boolean known = true;

    /** Says whether anybody could be asked. */
    public void known(boolean now) {
        known = now;
    }

    public void put(String namespace, String name, AgentRef... heads) {
        put(new Deployment(namespace, name, Instant.ofEpochSecond(1_700_000_000), List.of(heads)));
    }

    public void put(Deployment deployment) {
        List<Deployment> next = new ArrayList<>(deployments);
        next.removeIf(each -> each.key().equals(deployment.key()));
        next.add(deployment);
        next.sort(Comparator.comparing(Deployment::key));
        deployments = List.copyOf(next);
        listeners.forEach(Runnable::run);
    }

    public void remove(String key) {
        deployments =
                deployments.stream().filter(each -> !each.key().equals(key)).toList();
        listeners.forEach(Runnable::run);
    }

    @Override
    public List<Deployment> all() {
        return deployments;
    }

    @Override
    public boolean known() {
        return known;
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }
}
