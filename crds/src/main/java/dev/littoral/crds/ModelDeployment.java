package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** A model to be served under this resource's name, and the plan by which it is. */
@JsonClassDescription("A model to be served under this resource's name, and the plan by which it is.")
@Group("littoral.dev")
@Version("v1alpha1")
@ShortNames("md")
@Categories("littoral")
@ValidationRule(
        value = "self.metadata.name.size() <= 40",
        message = "the name of a ModelDeployment must have at most 40 characters, since its pods' names begin with it")
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
        name = "Plan",
        jsonPath = ".status.plan.summary",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Tokens/s",
        jsonPath = ".status.tokensPerSecond",
        type = AdditionalPrinterColumn.Type.NUMBER,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Queue",
        jsonPath = ".status.queue",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE,
        priority = 0)
@AdditionalPrinterColumn(
        name = "URL",
        jsonPath = ".status.url",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Model",
        jsonPath = ".spec.model",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Message",
        jsonPath = ".status.conditions[?(@.type=='Ready')].message",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
public final class ModelDeployment extends CustomResource<ModelDeploymentSpec, ModelDeploymentStatus>
        implements Namespaced {

    @Override
    @Required
    public ModelDeploymentSpec getSpec() {
        return super.getSpec();
    }

    /** Records have no no-arg constructor; an absent spec stays null. */
    @Override
    protected @Nullable ModelDeploymentSpec initSpec() {
        return null;
    }

    /** Null until first written, so that a status patch sees a true difference. */
    @Override
    protected @Nullable ModelDeploymentStatus initStatus() {
        return null;
    }
}
