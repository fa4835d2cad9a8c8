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

/** A checkpoint that can be served, and what was read from it. */
@JsonClassDescription("A checkpoint that can be served, and what was read from it.")
@Group("littoral.dev")
@Version("v1alpha1")
@ShortNames("lm")
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
        name = "Architecture",
        jsonPath = ".status.architecture",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Layers",
        jsonPath = ".status.layers",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Parameters",
        jsonPath = ".status.parameters",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Context",
        jsonPath = ".status.contextTokens",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Source",
        jsonPath = ".spec.source.uri",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Message",
        jsonPath = ".status.conditions[?(@.type=='Ready')].message",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
public final class LanguageModel extends CustomResource<LanguageModelSpec, LanguageModelStatus> implements Namespaced {

    @Override
    @Required
    public LanguageModelSpec getSpec() {
        return super.getSpec();
    }

    /** Records have no no-arg constructor; an absent spec stays null. */
    @Override
    protected @Nullable LanguageModelSpec initSpec() {
        return null;
    }

    /** Null until first written, so that a status patch sees a true difference. */
    @Override
    protected @Nullable LanguageModelStatus initStatus() {
        return null;
    }
}
