package dev.littoral.engine.ort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.engine.EngineException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DevicesTest {

    private static NativeRuntime none() {
        throw new EngineException("no provider library");
    }

    @Test
    void theProcessorIsTakenWithoutLookingFurther() {
        Devices devices = new Devices(
                () -> {
                    throw new AssertionError("nobody asked");
                },
                Optional::empty);
        assertThat(devices.choose(Provider.CPU, DevicesTest::none).device()).isInstanceOf(HostDevice.class);
    }

    @ParameterizedTest
    @CsvSource({
        "false, 1, build with -Pcuda",
        "true, 0, CUDA_VISIBLE_DEVICES",
        "true, -1, the driver gives no device: CUDA fails in counting devices: no driver (35)",
        "true, 1, ONNX Runtime's CUDA provider does not start: no provider library"
    })
    void withoutCudaAutoTakesTheProcessorAndSaysWhyAndCudaIsRefused(boolean built, int count, String why) {
        try (FakeCuda cuda = new FakeCuda(count, 1000)) {
            Devices devices = new Devices(() -> built, () -> Optional.of(cuda.cudart()));
            Devices.Found found = devices.choose(Provider.AUTO, DevicesTest::none);
            assertThat(found.device().name()).isEqualTo("cpu");
            assertThat(found.why()).contains(why);
            assertThatThrownBy(() -> devices.choose(Provider.CUDA, DevicesTest::none))
                    .isInstanceOf(EngineException.class)
                    .hasMessageStartingWith("the provider is set to cuda, but ")
                    .hasMessageContaining(why)
                    .hasMessageEndingWith("or set it to cpu or auto");
        }
    }

    @Test
    void aLibraryThatIsNotFoundIsNamedWithTheCure() {
        Devices devices = new Devices(() -> true, Optional::empty);
        assertThat(devices.choose(Provider.AUTO, DevicesTest::none).why())
                .contains(Cudart.LIBRARY)
                .contains("LD_LIBRARY_PATH");
    }

    @Test
    void thisMachineGivesADeviceAndAReason() {
        Devices.Found found = new Devices().choose(Provider.AUTO, DevicesTest::none);
        assertThat(found.why()).isNotBlank();
    }
}
