package dev.littoral.protocol.events;

import io.cloudevents.CloudEvent;
import io.cloudevents.SpecVersion;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.data.BytesCloudEventData;
import io.cloudevents.core.message.impl.BaseGenericBinaryMessageReaderImpl;
import io.cloudevents.jackson.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/** Reads a record in binary or structured mode; throws whatever the SDK throws for a broken one. */
final class CloudEventReader {

    private static final JsonFormat JSON = new JsonFormat();
    private static final String SPEC_VERSION_HEADER = EventNames.HEADER_PREFIX + "specversion";

    private CloudEventReader() {}

    static boolean structured(WireRecord wire) {
        return wire.header(EventNames.CONTENT_TYPE_HEADER)
                .map(type -> type.strip().startsWith(EventNames.STRUCTURED_MODE))
                .orElse(false);
    }

    static CloudEvent read(WireRecord wire) {
        byte[] value = wire.value().orElse(new byte[0]);
        if (structured(wire)) {
            return JSON.deserialize(value);
        }
        SpecVersion version = SpecVersion.parse(wire.header(SPEC_VERSION_HEADER).orElse(SpecVersion.V1.toString()));
        BytesCloudEventData data = BytesCloudEventData.wrap(value);
        return new Binary(version, data, wire).read(CloudEventBuilder::fromSpecVersion);
    }

    private static final class Binary extends BaseGenericBinaryMessageReaderImpl<String, byte[]> {

        private final WireRecord wire;

        Binary(SpecVersion version, BytesCloudEventData data, WireRecord wire) {
            super(version, data);
            this.wire = wire;
        }

        @Override
        protected boolean isContentTypeHeader(String name) {
            return name.equals(EventNames.CONTENT_TYPE_HEADER);
        }

        @Override
        protected boolean isCloudEventsHeader(String name) {
            return name.startsWith(EventNames.HEADER_PREFIX);
        }

        @Override
        protected String toCloudEventsKey(String name) {
            return name.substring(EventNames.HEADER_PREFIX.length());
        }

        @Override
        protected void forEachHeader(BiConsumer<String, byte[]> each) {
            wire.headers().forEach((name, value) -> {
                // the reader was told the version already and would take it for an attribute
                if (!name.equals(SPEC_VERSION_HEADER)) {
                    each.accept(name, value);
                }
            });
        }

        @Override
        protected String toCloudEventsValue(byte[] value) {
            return new String(value, StandardCharsets.UTF_8);
        }
    }
}
