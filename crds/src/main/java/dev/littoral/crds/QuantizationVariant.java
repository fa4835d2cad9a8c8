package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** One quantization of a model: a bit width for every layer. */
@JsonClassDescription("One quantization of a model: a bit width for every layer.")
@Group("littoral.dev")
@Version("v1alpha1")
@ShortNames("qv")
@Categories("littoral")
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.conditions[?(@.type=='Ready')].status",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Reason",
        jsonPath = ".status.conditions[?(@.type=='Ready')].reason",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Model",
        jsonPath = ".spec.model",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Bits",
        jsonPath = ".status.summary",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Size",
        jsonPath = ".status.size",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Message",
        jsonPath = ".status.conditions[?(@.type=='Ready')].message",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
public final class QuantizationVariant extends CustomResource<QuantizationVariantSpec, QuantizationVariantStatus>
        implements Namespaced {

    @Override
    @Required
    public QuantizationVariantSpec getSpec() {
        return super.getSpec();
    }

    /** Records have no no-arg constructor; an absent spec stays null. */
    @Override
    protected @Nullable QuantizationVariantSpec initSpec() {
        return null;
    }

    /** Null until first written, so that a status patch sees a true difference. */
    @Override
    protected @Nullable QuantizationVariantStatus initStatus() {
        return null;
    }
}
