package dev.littoral.agent.serve;

import dev.littoral.agent.settings.AgentSettings;
import dev.littoral.agent.settings.ServiceSettings;
import dev.littoral.agent.stage.LoadState;
import dev.littoral.agent.stage.ProcessMemory;
import dev.littoral.engine.Stage;
import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.agent.v1.LoadProgress;
import dev.littoral.protocol.agent.v1.Phase;
import dev.littoral.protocol.agent.v1.Rates;
import dev.littoral.protocol.agent.v1.StageDescription;

/** Says over the wire what this agent is and how far. */
final class Descriptions {

    private Descriptions() {}

    static AgentDescription of(ServiceSettings settings, BackendState state) {
        AgentDescription.Builder agent = AgentDescription.newBuilder()
                .setAgent(settings.pod())
                .setNode(settings.node())
                .setDeployment(settings.deployment())
                .setPlan(settings.plan())
                .setStage(state.stage())
                .setPhase(state.phase())
                .setReason(state.reason())
                .setReady(state.ready())
                .setMessage(state.whyNotReady())
                .setSlots(settings.slots())
                .setFreeSlots(state.freeSlots())
                .setResidentBytes(ProcessMemory.residentBytes());
        state.rates()
                .ifPresent(rates -> agent.setRates(Rates.newBuilder()
                        .setPrefillTokensPerSecond(rates.prefillTokensPerSecond())
                        .setDecodeTokensPerSecond(rates.decodeTokensPerSecond())));
        return agent.build();
    }

    static StageDescription stage(AgentSettings settings, LoadState state) {
        StageDescription.Builder stage = StageDescription.newBuilder()
                .setModel(settings.model())
                .setFirstLayer(settings.stage().firstLayer())
                .setEndLayer(settings.stage().endLayer())
                .addAllBits(settings.stage().quantization().layers().stream()
                        .map(bits -> Math.max(bits.attention(), bits.mlp()))
                        .toList())
                .setContextTokens(settings.contextTokens());
        if (state instanceof LoadState.Loaded loaded) {
            Stage held = loaded.stage();
            stage.setLayers(held.config().layers())
                    .setWeightBytes(held.weightBytes())
                    .setKvBytesPerToken(held.kvBytesPerToken())
                    .setDevice(held.device().name())
                    .setDeviceReason(held.device().why());
        }
        return stage.build();
    }

    static LoadProgress progress(LoadState state) {
        return switch (state) {
            case LoadState.Loading loading ->
                LoadProgress.newBuilder()
                        .setPhase(Phase.LOADING)
                        .setDoneBytes(loading.doneBytes())
                        .setTotalBytes(loading.totalBytes())
                        .setMessage(loading.step())
                        .build();
            case LoadState.Loaded loaded ->
                LoadProgress.newBuilder()
                        .setPhase(Phase.LOADED)
                        .setDoneBytes(loaded.stage().weightBytes())
                        .setTotalBytes(loaded.stage().weightBytes())
                        .setMessage("loaded")
                        .build();
            case LoadState.Failed failed ->
                LoadProgress.newBuilder()
                        .setPhase(Phase.FAILED)
                        .setMessage(failed.reason() + ": " + failed.message())
                        .build();
        };
    }
}
