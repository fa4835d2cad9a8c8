package dev.littoral.sandbox.demo;

/**
 * One of the demo's emulated nodes: unlike in memory, threads and power, as declared here.
 *
 * @param name its name and device class
 * @param memory what its pods may ask for, as a Kubernetes quantity
 * @param threads its processors
 * @param profile the JSON of its annotation {@code littoral.dev/profile}
 */
record NodeShape(String name, String memory, int threads, String profile) {

    static NodeShape of(String name, String memory, int threads, double gflops, double gigabytesPerSecond, int watts) {
        String profile = """
                {"threads":%d,"gflops":%s,"memoryBandwidthBytesPerSecond":%d,"watts":%d,\
                "linkBytesPerSecond":125000000,"linkLatencySeconds":0.0002}""".formatted(threads, gflops, (long) (gigabytesPerSecond * 1e9), watts);
        return new NodeShape(name, memory, threads, profile);
    }
}
