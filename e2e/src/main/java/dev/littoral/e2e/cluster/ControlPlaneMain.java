package dev.littoral.e2e.cluster;

import java.nio.file.Path;

/** Runs a control plane until it is told to stop: {@code ControlPlaneMain <cluster/build> <data folder>}. */
public final class ControlPlaneMain {

    private ControlPlaneMain() {}

    /** Builds what is missing, starts, prints the kubeconfig line, and ends with status 3 where Go is missing. */
    public static void main(String[] args) throws InterruptedException {
        if (args.length != 2) {
            System.err.println("usage: ControlPlaneMain <path of cluster/build> <data folder>");
            System.exit(2);
        }
        switch (ProgramsBuild.run(Path.of(args[0]))) {
            case ProgramsBuild.Impossible(String reason) -> {
                System.err.println(reason);
                System.exit(3);
            }
            case ProgramsBuild.Built(Programs programs) -> serve(programs, Path.of(args[1]));
        }
    }

    private static void serve(Programs programs, Path folder) throws InterruptedException {
        ControlPlane plane = ControlPlane.start(programs, folder);
        Runtime.getRuntime().addShutdownHook(new Thread(plane::close));
        System.out.println("export KUBECONFIG=" + plane.kubeconfig());
        System.out.println("kubectl: " + programs.kubectl() + "; logs: " + folder.toAbsolutePath());
        Thread.currentThread().join();
    }
}
