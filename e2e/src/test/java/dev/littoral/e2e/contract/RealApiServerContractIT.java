package dev.littoral.e2e.contract;

/** Holds the contract to the truth. */
final class RealApiServerContractIT extends ApiServerContract {

    @Override
    Endpoint endpoint() {
        return Endpoint.real("contract test");
    }

    @Override
    boolean authoritative() {
        return true;
    }
}
