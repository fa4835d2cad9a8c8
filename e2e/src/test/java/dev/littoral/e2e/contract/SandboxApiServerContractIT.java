package dev.littoral.e2e.contract;

/** Holds the sandbox's API server to the contract. */
final class SandboxApiServerContractIT extends ApiServerContract {

    @Override
    Endpoint endpoint() {
        return Endpoint.sandbox("contract test");
    }

    @Override
    boolean authoritative() {
        return false;
    }
}
