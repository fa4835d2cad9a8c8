package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.littoral.crds.schema.TextLength;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A taint that does not keep a pool's agents from a node. */
@ValidationRule(
        value = "self.operator == 'Exists' ? !has(self.value) : has(self.key)",
        message = "operator Exists takes no value, operator Equal needs a key")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PoolToleration(
        @TextLength(min = 1, max = 316)
        @JsonPropertyDescription("Key of the taint; absent with operator Exists: every taint.")
        @Nullable
        String key,

        @Required
        @Default("Equal")
        @Pattern("^(Equal|Exists)$")
        @TextLength(max = 6)
        @JsonPropertyDescription("Equal compares the value too, Exists only the key.")
        String operator,

        @TextLength(max = 63) @JsonPropertyDescription("Value of the taint, with operator Equal.") @Nullable
        String value,

        @Pattern("^(NoSchedule|PreferNoSchedule|NoExecute)$")
        @TextLength(max = 16)
        @JsonPropertyDescription("Effect of the taint; absent: every effect.")
        @Nullable
        String effect) {}
