package dev.littoral.checkpoint;

/** How the numbers of a tensor are stored: little-endian. */
public enum DataType {
    /** IEEE 754 single precision. */
    F32(4),
    /** IEEE 754 half precision. */
    F16(2),
    /** The upper half of single precision. */
    BF16(2),
    /** IEEE 754 double precision. */
    F64(8),
    /** Signed, eight bytes. */
    I64(8),
    /** Signed, four bytes. */
    I32(4),
    /** Signed, two bytes. */
    I16(2),
    /** Signed, one byte. */
    I8(1),
    /** Unsigned, one byte. */
    U8(1),
    /** One byte, zero or one. */
    BOOL(1),
    /** Unsigned, two bytes. */
    U16(2),
    /** Unsigned, four bytes. */
    U32(4),
    /** Unsigned, eight bytes. */
    U64(8),
    /** Eight bits: four of exponent, three of fraction. */
    F8_E4M3(1),
    /** Eight bits: five of exponent, two of fraction. */
    F8_E5M2(1),
    /** Eight bits of exponent alone, a scale. */
    F8_E8M0(1),
    /** Two single precision numbers. */
    C64(8);

    private final int bytes;

    DataType(int bytes) {
        this.bytes = bytes;
    }

    /** Counts the bytes of one number. */
    public int bytes() {
        return bytes;
    }

    /** Says whether weights may be stored so. */
    public boolean weights() {
        return this == F32 || this == F16 || this == BF16;
    }
}
