package dev.littoral.engine.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.littoral.checkpoint.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts an ONNX graph together, node by node. */
final class OnnxGraph {

    /** The standard operators. */
    static final String ONNX = "";

    /** The operators that ONNX Runtime adds. */
    static final String ORT = "com.microsoft";

    /** Numbers of a tensor. */
    enum Type {
        FLOAT(TensorProto.DataType.FLOAT_VALUE),
        HALF(TensorProto.DataType.FLOAT16_VALUE),
        BRAIN(TensorProto.DataType.BFLOAT16_VALUE),
        SIGNED_BYTES(TensorProto.DataType.INT8_VALUE),
        BYTES(TensorProto.DataType.UINT8_VALUE),
        INT(TensorProto.DataType.INT32_VALUE),
        LONG(TensorProto.DataType.INT64_VALUE);

        private final int code;

        Type(int code) {
            this.code = code;
        }

        /** Gives the type of weights. */
        static Type of(DataType type) {
            return switch (type) {
                case F32 -> FLOAT;
                case F16 -> HALF;
                case BF16 -> BRAIN;
                default -> throw new IllegalArgumentException(type + " holds no weights");
            };
        }
    }

    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("stage");
    private final String weightFile;
    private final boolean halves;
    private final Map<String, Type> types = new HashMap<>();

    OnnxGraph(String weightFile) {
        this(weightFile, false);
    }

    /**
     * Makes one.
     *
     * @param weightFile name of the file of weights beside it
     * @param halves computes with numbers of 16 bits wherever weights of 16 bits or fewer are multiplied, and between
     *     two such places; what is summed up along the layers keeps its 32
     */
    OnnxGraph(String weightFile, boolean halves) {
        this.weightFile = weightFile;
        this.halves = halves;
    }

    /** Gives the type of numbers that layers compute with. */
    Type arithmetic() {
        return halves ? Type.HALF : Type.FLOAT;
    }

    /** Gives the type of a tensor's numbers, which is {@link Type#FLOAT} where nothing else was said. */
    Type type(String name) {
        return types.getOrDefault(name, Type.FLOAT);
    }

    /** Says the type of a tensor's numbers. */
    void typed(String name, Type type) {
        types.put(name, type);
    }

    /** Gives a tensor with numbers of a type: itself, or one that it is cast to, once. */
    String as(Type type, String name) {
        if (name.isEmpty() || type(name) == type) {
            return name;
        }
        String cast = name + (type == Type.HALF ? ".half" : ".float");
        if (types.put(cast, type) == null) {
            cast(name, cast, type);
        }
        return cast;
    }

    static AttributeProto attribute(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    static AttributeProto attribute(String name, double value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF((float) value)
                .build();
    }

    void node(String domain, String operator, List<String> inputs, List<String> outputs, AttributeProto... attributes) {
        graph.addNode(NodeProto.newBuilder()
                .setDomain(domain)
                .setOpType(operator)
                .setName(outputs.getFirst())
                .addAllInput(inputs)
                .addAllOutput(outputs)
                .addAllAttribute(List.of(attributes)));
    }

    void cast(String input, String output, Type type) {
        node(ONNX, "Cast", List.of(input), List.of(output), attribute("to", type.code));
    }

    static AttributeProto attribute(String name, String value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value))
                .build();
    }

    /** Adds an input; a dimension is a number or the name of one that varies. */
    void input(String name, Type type, Object... dimensions) {
        graph.addInput(value(name, type, dimensions));
    }

    void output(String name, Type type, Object... dimensions) {
        graph.addOutput(value(name, type, dimensions));
    }

    private static ValueInfoProto value(String name, Type type, Object... dimensions) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (Object dimension : dimensions) {
            TensorShapeProto.Dimension.Builder size = TensorShapeProto.Dimension.newBuilder();
            shape.addDim(
                    dimension instanceof Number number
                            ? size.setDimValue(number.longValue())
                            : size.setDimParam(dimension.toString()));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(type.code)
                                .setShape(shape)))
                .build();
    }

    /** Adds a constant vector that lies in the graph itself. */
    void constant(String name, float[] values) {
        constant(name, values, (long) values.length);
    }

    /** Adds a constant that lies in the graph itself. */
    void constant(String name, float[] values, long... dimensions) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(Type.FLOAT.code)
                .setRawData(ByteString.copyFrom(bytes));
        for (long dimension : dimensions) {
            tensor.addDims(dimension);
        }
        graph.addInitializer(tensor);
    }

    void constant(String name, long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        constant(name, Type.LONG, values.length, bytes);
    }

    private void constant(String name, Type type, int length, ByteBuffer bytes) {
        graph.addInitializer(TensorProto.newBuilder()
                .setName(name)
                .setDataType(type.code)
                .addDims(length)
                .setRawData(ByteString.copyFrom(bytes)));
    }

    /** Adds a constant that lies in the file of weights. */
    void weights(String name, Type type, long offset, long bytes, long... dimensions) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(type.code)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", weightFile))
                .addExternalData(entry("offset", Long.toString(offset)))
                .addExternalData(entry("length", Long.toString(bytes)));
        for (long dimension : dimensions) {
            tensor.addDims(dimension);
        }
        graph.addInitializer(tensor);
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    byte[] bytes() {
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .setProducerName("littoral")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(ONNX).setVersion(18))
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(ORT).setVersion(1))
                .setGraph(graph)
                .build()
                .toByteArray();
    }
}
