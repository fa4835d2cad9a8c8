package dev.littoral.sources;

/** Hears how far a transfer is. */
@FunctionalInterface
public interface TransferListener {

    /** Listens to nothing. */
    TransferListener NONE = transfer -> {};

    /** Hears of a step; called about once a second, and when a step begins or ends. */
    void at(Transfer transfer);
}
