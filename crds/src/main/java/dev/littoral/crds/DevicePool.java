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

/** Nodes of one device class, with what they can do. */
@JsonClassDescription("Nodes of one device class, with what they can do.")
@Group("littoral.dev")
@Version("v1alpha1")
@ShortNames("dp")
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
        name = "Nodes",
        jsonPath = ".status.summary",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Free",
        jsonPath = ".status.free",
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
public final class DevicePool extends CustomResource<DevicePoolSpec, DevicePoolStatus> implements Namespaced {

    @Override
    @Required
    public DevicePoolSpec getSpec() {
        return super.getSpec();
    }

    /** Records have no no-arg constructor; an absent spec stays null. */
    @Override
    protected @Nullable DevicePoolSpec initSpec() {
        return null;
    }

    /** Null until first written, so that a status patch sees a true difference. */
    @Override
    protected @Nullable DevicePoolStatus initStatus() {
        return null;
    }
}
