package dev.littoral.sandbox.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/**
 * A block of loopback addresses that no other demo on this machine uses, so that every pod has an address of its own and
 * all pods may use the same ports. Held by a socket on the block's first address.
 *
 * @param prefix the first two bytes, such as {@code 127.83}
 * @param held what keeps the block
 */
record LoopbackBlock(String prefix, ServerSocket held) implements AutoCloseable {

    private static final int PORT_THAT_MARKS_A_BLOCK = 47_821;

    /** Takes a free block; throws {@link DemoFailure} where loopback has a single address only. */
    static LoopbackBlock take() {
        RandomGenerator random = RandomGenerator.getDefault();
        IOException prefixTaken = new IOException("none tried");
        for (int attempt = 0; attempt < 50; attempt++) {
            String prefix = "127." + random.nextInt(16, 250);
            try {
                InetAddress first = InetAddress.getByName(prefix + ".0.1");
                return new LoopbackBlock(prefix, new ServerSocket(PORT_THAT_MARKS_A_BLOCK, 1, first));
            } catch (IOException taken) {
                prefixTaken = taken;
            }
        }
        throw DemoFailure.of("no block of loopback addresses is free: the demo needs 127.0.0.0/8 as Linux has it;"
                + " run it on Linux or in a virtual machine (" + prefixTaken.getMessage() + ")");
    }

    /** Returns the prefix of the addresses of a node's pods. */
    String ofNode(int index) {
        return prefix + "." + (index + 1);
    }

    @Override
    public void close() throws IOException {
        held.close();
    }
}
