package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.littoral.crds.schema.Choices;
import dev.littoral.crds.schema.ListAs;
import dev.littoral.crds.schema.TextLength;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Adds to a generated CRD what Fabric8's generator leaves out: formats, list types, choices, lengths, column order. */
final class SchemaRefinement {

    private static final Map<Class<?>, String> FORMATS =
            Map.of(Integer.class, "int32", Long.class, "int64", Double.class, "double");

    private SchemaRefinement() {}

    static void refine(CustomResourceDefinition crd, Class<?> kind) {
        CustomResourceDefinitionVersion version = crd.getSpec().getVersions().getFirst();
        var types = (ParameterizedType) kind.getGenericSuperclass();
        JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
        root.setDescription(kind.getAnnotation(JsonClassDescription.class).value());
        property(root, "spec").setDescription("What is wanted.");
        property(root, "status").setDescription("What is, as the operator last saw it.");
        refine(property(root, "spec"), (Class<?>) types.getActualTypeArguments()[0]);
        refine(property(root, "status"), (Class<?>) types.getActualTypeArguments()[1]);
        List<String> names = Arrays.stream(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::name)
                .toList();
        version.getAdditionalPrinterColumns().sort(Comparator.comparingInt(column -> names.indexOf(column.getName())));
    }

    private static JSONSchemaProps property(JSONSchemaProps schema, String name) {
        return Objects.requireNonNull(schema.getProperties().get(name), name);
    }

    private static void refine(JSONSchemaProps schema, Class<?> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            refine(property(schema, component.getName()), component.getGenericType(), component);
        }
    }

    private static void refine(JSONSchemaProps schema, Type type, RecordComponent component) {
        // The generator finds the rules of a record component on its field and again on its accessor.
        schema.setXKubernetesValidations(
                schema.getXKubernetesValidations().stream().distinct().toList());
        if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
            listType(schema, component.getAnnotation(ListAs.class));
            refine(schema.getItems().getSchema(), generic.getActualTypeArguments()[0], component);
        } else if (type instanceof ParameterizedType generic && generic.getRawType() == Map.class) {
            refine(schema.getAdditionalProperties().getSchema(), generic.getActualTypeArguments()[1], component);
        } else if (type instanceof Class<?> record && record.isRecord()) {
            refine(schema, record);
        } else {
            scalar(schema, type, component);
        }
    }

    private static void listType(JSONSchemaProps schema, ListAs list) {
        if (list.mapBy().length == 0) {
            schema.setXKubernetesListType("atomic");
        } else {
            schema.setXKubernetesListType("map");
            schema.setXKubernetesListMapKeys(List.of(list.mapBy()));
        }
    }

    private static void scalar(JSONSchemaProps schema, Type type, RecordComponent component) {
        if (type instanceof Class<?> scalar && FORMATS.containsKey(scalar)) {
            schema.setFormat(FORMATS.get(scalar));
        }
        var choices = component.getAnnotation(Choices.class);
        if (choices != null) {
            Arrays.stream(choices.value()).mapToObj(IntNode::valueOf).forEach(schema.getEnum()::add);
        }
        var length = component.getAnnotation(TextLength.class);
        if (length != null) {
            schema.setMinLength(length.min() == 0 ? null : (long) length.min());
            schema.setMaxLength((long) length.max());
        }
    }
}
