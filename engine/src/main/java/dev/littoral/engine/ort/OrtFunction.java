package dev.littoral.engine.ort;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;

/**
 * Names the functions of {@code OrtApi} that are used here, each by its place in that table and its arguments in
 * onnxruntime_c_api.h; functions are only ever appended to the table, so a place holds for every later version.
 *
 * <p>All give a status, null when all went well, but for those that release and {@link #GET_ERROR_MESSAGE}.
 */
enum OrtFunction {
    GET_ERROR_MESSAGE(2, FunctionDescriptor.of(ADDRESS, ADDRESS)),
    CREATE_ENV(3, JAVA_INT, ADDRESS, ADDRESS),
    CREATE_SESSION(7, ADDRESS, ADDRESS, ADDRESS, ADDRESS),
    CREATE_SESSION_OPTIONS(10, ADDRESS),
    DISABLE_MEMORY_PATTERN(17, ADDRESS),
    SET_INTRA_OP_THREADS(24, ADDRESS, JAVA_INT),
    SET_INTER_OP_THREADS(25, ADDRESS, JAVA_INT),
    CREATE_TENSOR_WITH_DATA(49, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS),
    CREATE_MEMORY_INFO(68, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS),
    RELEASE_ENV(92, FunctionDescriptor.ofVoid(ADDRESS)),
    RELEASE_STATUS(93, FunctionDescriptor.ofVoid(ADDRESS)),
    RELEASE_MEMORY_INFO(94, FunctionDescriptor.ofVoid(ADDRESS)),
    RELEASE_SESSION(95, FunctionDescriptor.ofVoid(ADDRESS)),
    RELEASE_VALUE(96, FunctionDescriptor.ofVoid(ADDRESS)),
    RELEASE_SESSION_OPTIONS(100, FunctionDescriptor.ofVoid(ADDRESS)),
    ADD_SESSION_CONFIG_ENTRY(130, ADDRESS, ADDRESS, ADDRESS),
    RUN_WITH_BINDING(133, ADDRESS, ADDRESS, ADDRESS),
    CREATE_IO_BINDING(134, ADDRESS, ADDRESS),
    RELEASE_IO_BINDING(135, FunctionDescriptor.ofVoid(ADDRESS)),
    BIND_INPUT(136, ADDRESS, ADDRESS, ADDRESS),
    BIND_OUTPUT(137, ADDRESS, ADDRESS, ADDRESS),
    SYNCHRONIZE_BOUND_INPUTS(202, ADDRESS),
    SYNCHRONIZE_BOUND_OUTPUTS(203, ADDRESS),
    APPEND_CUDA(204, ADDRESS, ADDRESS),
    CREATE_CUDA_OPTIONS(205, ADDRESS),
    UPDATE_CUDA_OPTIONS(206, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG),
    RELEASE_CUDA_OPTIONS(208, FunctionDescriptor.ofVoid(ADDRESS));

    private final int place;

    @SuppressWarnings("ImmutableEnumChecker") // a descriptor is a value, which the checker does not know
    private final FunctionDescriptor signature;

    OrtFunction(int place, MemoryLayout... arguments) {
        this(place, FunctionDescriptor.of(ADDRESS, arguments));
    }

    OrtFunction(int place, FunctionDescriptor signature) {
        this.place = place;
        this.signature = signature;
    }

    int place() {
        return place;
    }

    FunctionDescriptor signature() {
        return signature;
    }
}
