package dev.littoral.scheduler.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.littoral.algorithms.routing.Prices;
import dev.littoral.algorithms.routing.Tariff;
import dev.littoral.scheduler.directory.Deployment.Promised;
import dev.littoral.scheduler.rig.UsualPromises;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnergyWeightTest {

    private static final double NONE = Double.POSITIVE_INFINITY;

    @Test
    void byItselfEnergyHasThePriceOfItsPromisesAlone() {
        assertThat(EnergyWeight.of("auto").secondsPerJoule()).isZero();
        assertThat(EnergyWeight.of(new UsualPromises().v())).isEqualTo(EnergyWeight.of("auto"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"automatic", "", "-0.1", "NaN", "Infinity", "1000001", "1s"})
    void whatIsNoWeightIsRefusedByTheNameOfItsSetting(String setting) {
        assertThatThrownBy(() -> EnergyWeight.of(setting))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("littoral.promises.v must be auto, or seconds of delay per joule between 0 and 1000000: "
                        + setting);
    }

    @Test
    void whatAPromiseAsksForComesOnTopOfIt() {
        DeploymentLedger ledger =
                new DeploymentLedger(new Promised(2, NONE, NONE, NONE), EnergyWeight.of("0.25"), 1000);
        assertThat(ledger.prices()).isEqualTo(new Prices(0.25, 0, 0));

        // 10 s for 1,000 tokens at 400 W where 2,000 J may be used: 2 J cost the 10 ms of a token
        ledger.used(new AgentMeter("s", 10, 10, 10, 1000), new Tariff(400, 0, false));

        assertThat(ledger.prices().secondsPerJoule()).isCloseTo(0.255, within(1e-9));
        assertThat(ledger.standings("default/tiny"))
                .isEqualTo(List.of(new Standing(
                        "default/tiny",
                        Standing.Promise.Energy,
                        2,
                        4,
                        2000,
                        ledger.prices().secondsPerJoule())));
    }
}
