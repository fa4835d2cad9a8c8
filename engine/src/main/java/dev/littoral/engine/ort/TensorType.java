package dev.littoral.engine.ort;

/** Says what numbers a tensor has, by the code of ONNX. */
public enum TensorType {
    /** Numbers of 32 bits. */
    FLOAT(1, 4),
    /** Whole numbers of 8 bits. */
    INT8(3, 1),
    /** Whole numbers of 32 bits. */
    INT32(6, 4),
    /** Whole numbers of 64 bits. */
    INT64(7, 8),
    /** Numbers of 16 bits, with 5 bits of exponent. */
    FLOAT16(10, 2);

    private final int code;
    private final int bytes;

    TensorType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    int code() {
        return code;
    }

    /** Counts the bytes of a number. */
    public int bytes() {
        return bytes;
    }
}
