package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.littoral.crds.schema.TextLength;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Where a model's checkpoint lies. */
@ValidationRule(
        value = "!has(self.sha256) || self.uri.matches('^(https|hf|s3|oci)://')",
        message = "sha256 is checked when a checkpoint is downloaded; a file or pvc uri is not")
@ValidationRule(
        value = "!has(self.secretName) || self.uri.matches('^(https|hf|s3|oci)://')",
        message = "secretName is for downloads; a file or pvc uri needs none")
@ValidationRule(
        value = "!has(self.imageVolumePath) || self.uri.startsWith('oci://')",
        message = "imageVolumePath is for an oci uri, whose image the kubelet then mounts")
@ValidationRule(
        value = "!has(self.imageVolumePath) || !has(self.sha256)",
        message = "sha256 is not checked of an image that is mounted; write the digest into the uri")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelSource(
        @Required
        @TextLength(max = 1024)
        @ValidationRule(
                value = "self.matches('^(file|pvc|https|hf|s3|oci)://.+$')",
                message = "uri must begin with file://, pvc://, https://, hf://, s3:// or oci://, such as"
                        + " file:///models/target or hf://owner/name@revision")
        @ValidationRule(
                value = "!self.startsWith('file://') || self.startsWith('file:///')",
                message = "a file uri needs an absolute path after its two slashes, such as file:///models/target")
        @ValidationRule(
                value =
                        "!self.startsWith('hf://') || self.matches('^hf://[A-Za-z0-9_][A-Za-z0-9._-]*/[A-Za-z0-9_][A-Za-z0-9._-]*(@[A-Za-z0-9_][A-Za-z0-9._/-]*)?$')",
                message = "a hub uri is hf://owner/name or hf://owner/name@revision")
        @ValidationRule(
                value = "!self.startsWith('pvc://') || self.matches('^pvc://[a-z0-9]([-a-z0-9.]*[a-z0-9])?(/.*)?$')",
                message = "a claim's uri is pvc://claim/path")
        @ValidationRule(
                value = "!self.startsWith('s3://') || self.matches('^s3://[a-z0-9][a-z0-9.-]*[a-z0-9](/.*)?$')",
                message = "a bucket's uri is s3://bucket/prefix")
        @ValidationRule(
                value =
                        "!self.startsWith('oci://') || self.matches('^oci://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]+)?/[a-z0-9._/-]+(:[A-Za-z0-9_][A-Za-z0-9._-]*|@sha256:[0-9a-f]{64})?$')",
                message = "an artifact's uri is oci://registry/repository:tag or oci://registry/repository@sha256:...")
        @ValidationRule(
                value = "!self.matches('^https://[^/]*@')",
                message = "uri must not hold a password; put username and password into the secret of secretName")
        @ValidationRule(
                value = "!self.contains('/../') && !self.endsWith('/..')",
                message = "uri must not contain a .. segment")
        @JsonPropertyDescription("Folder in Hugging Face layout (config.json, tokenizer.json, *.safetensors) as a URI."
                + " file:///path is the same path on every node that runs the model; pvc://claim/path lies in a"
                + " PersistentVolumeClaim of the namespace; https://host/folder, https://host/file.tar.gz,"
                + " hf://owner/name@revision, s3://bucket/prefix and oci://registry/repository:tag are downloaded once"
                + " by each node that runs a stage.")
        String uri,

        @Pattern("^[0-9a-f]{64}$")
        @JsonPropertyDescription(
                "SHA-256 of an archive; of a folder that of what sha256sum prints of its files (config,"
                        + " tokenizer, safetensors) in the order of their names. What adds up to another one is refused.")
        @Nullable
        String sha256,

        @TextLength(max = 253)
        @Pattern(Names.PATTERN)
        @JsonPropertyDescription("Secret of the namespace that lets us in: HF_TOKEN; AWS_ACCESS_KEY_ID,"
                + " AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_ENDPOINT_URL, AWS_REGION; username and password, or"
                + " token; .dockerconfigjson.")
        @Nullable
        String secretName,

        @TextLength(max = 256)
        @Pattern("^/([A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*)?$")
        @JsonPropertyDescription(
                "Folder of the checkpoint within the image of an oci uri, / for its root. With it each node's"
                        + " kubelet mounts the image as a volume (Kubernetes 1.35, or the feature gate ImageVolume), and agents download"
                        + " nothing; the secret is then one to pull with, of type kubernetes.io/dockerconfigjson.")
        @Nullable
        String imageVolumePath) {}
