package dev.littoral.engine;

/** Tells that all slots of a stage are taken now. */
public final class NoFreeSlotException extends EngineException {

    /** Makes one that names the number of slots. */
    public NoFreeSlotException(int slots) {
        super("all " + slots + " slots are taken; try again when a sequence ends");
    }
}
