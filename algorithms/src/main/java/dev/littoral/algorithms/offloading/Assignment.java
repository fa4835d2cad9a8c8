package dev.littoral.algorithms.offloading;

import java.util.Arrays;

/** The device of every request of a slot. */
public final class Assignment {

    /** Stands for no device: the request is held until the next slot. */
    public static final int HELD = -1;

    private final int[] devices;

    /** Copies the devices, by request. */
    public Assignment(int... devices) {
        this.devices = devices.clone();
    }

    /** Gives the device of a request, or {@link #HELD}. */
    public int device(int request) {
        return devices[request];
    }

    /** Counts the requests that are held. */
    public int held() {
        return (int) Arrays.stream(devices).filter(device -> device == HELD).count();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Assignment that && Arrays.equals(devices, that.devices);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(devices);
    }

    @Override
    public String toString() {
        return Arrays.toString(devices);
    }
}
