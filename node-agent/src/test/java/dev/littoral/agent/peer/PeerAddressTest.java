package dev.littoral.agent.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerAddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"10.1.2.3:9090", "127.0.0.1:1", "[::1]:65535", "[fe80:0::2]:9090"})
    void aLiteralAddressWithAPortIsTakenAndWrittenTheSameWay(String text) {
        assertThat(PeerAddress.parse(text)).hasToString(text);
    }

    @Test
    void anIpv6HostLosesItsBrackets() {
        assertThat(PeerAddress.parse("[::1]:9090")).isEqualTo(new PeerAddress("::1", 9090));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "10.1.2.3",
                "10.1.2.3:",
                "10.1.2.3:0",
                "10.1.2.3:65536",
                "10.1.2.3:x",
                "host:9090",
                "::1:9090",
                "10.1.2.3:9090/path",
                "unix:/tmp/socket",
                "[]:1",
                "10.1.2.3:-1"
            })
    void anythingElseIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> PeerAddress.parse(text));
    }
}
