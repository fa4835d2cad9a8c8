package dev.littoral.algorithms.length;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Predicts the lengths of many models at once, trained in one go on prompts that several of them have answered: the mean
 * of Gaussian processes (a shared factor, and each model's deviation from it) and of gated networks. Ours.
 */
public final class FleetPredictor {

    private static final double SHARE = 0.7;
    private static final double NOISE = 0.4;
    private static final double FEW = 1.5;
    private static final double DEVIATION_NOISE = 2;
    private static final double OF_NETWORKS = 0.5;

    private final SharedFactor factor;
    private final PromptProcess process;
    private final List<PromptProcess> deviations;
    private final List<GatedNetwork> networks;
    private final double[][] residuals;

    private FleetPredictor(
            SharedFactor factor,
            PromptProcess process,
            List<PromptProcess> deviations,
            List<GatedNetwork> networks,
            double[][] residuals) {
        this.factor = factor;
        this.process = process;
        this.deviations = deviations;
        this.networks = networks;
        this.residuals = residuals;
    }

    /**
     * Trains.
     *
     * @param probes per prompt
     * @param logLengths {@code log(1 + tokens)} per prompt and model, {@code NaN} where none is known
     * @param networks how many networks to average; 0 for the processes alone
     */
    public static FleetPredictor train(
            WarmFactor warm, List<Probe> probes, double[][] logLengths, int networks, long seed) {
        SharedFactor factor = SharedFactor.fit(logLengths);
        int[] labels = SharedFactor.labels(logLengths);
        int n = labels.length;
        Covariance covariance = new Covariance(Optional.of(warm), SHARE, 0);
        Covariance own = new Covariance(Optional.empty(), 0, 0);
        for (Probe probe : probes) {
            covariance.add(probe);
            own.add(probe);
        }
        double[] noise = Arrays.stream(labels)
                .mapToDouble(count -> NOISE * (1 + FEW / count))
                .toArray();
        PromptProcess process = PromptProcess.fit(covariance, Optional.of(warm), SHARE, factor.factors(), noise);
        double[] deviationNoise = new double[n];
        Arrays.fill(deviationNoise, DEVIATION_NOISE);
        Cholesky system = own.system(deviationNoise);
        int models = logLengths[0].length;
        PromptProcess[] deviations = new PromptProcess[models];
        double[][] residuals = new double[models][];
        for (int model = 0; model < models; model++) {
            double[] rest = new double[n];
            for (int i = 0; i < n; i++) {
                double length = logLengths[i][model];
                rest[i] = Double.isNaN(length)
                        ? 0
                        : length - factor.offsets()[model] - factor.slopes()[model] * factor.factors()[i];
            }
            deviations[model] = PromptProcess.of(own, Optional.empty(), 0, rest, system);
            residuals[model] = leaveOneOut(factor, process, deviations[model], logLengths, model);
        }
        List<Features> features = probes.stream().map(Probe::features).toList();
        GatedNetwork[] trained = new GatedNetwork[networks];
        Arrays.setAll(trained, i -> GatedNetwork.train(features, logLengths, seed + i));
        return new FleetPredictor(factor, process, List.of(deviations), List.of(trained), residuals);
    }

    /** Predicts the median of {@code log(1 + tokens)} for every model. */
    public double[] logMedians(Probe probe) {
        return averaged(probe, logMediansOfProcesses(probe));
    }

    /** The same without the networks. */
    public double[] logMediansOfProcesses(Probe probe) {
        double shared = process.at(probe);
        double[] medians = new double[deviations.size()];
        for (int model = 0; model < medians.length; model++) {
            medians[model] = factor.offsets()[model]
                    + factor.slopes()[model] * shared
                    + deviations.get(model).at(probe);
        }
        return medians;
    }

    private double[] averaged(Probe probe, double[] medians) {
        if (networks.isEmpty()) {
            return medians;
        }
        double[] others = new double[medians.length];
        for (GatedNetwork network : networks) {
            double[] one = network.medians(probe.features());
            for (int model = 0; model < others.length; model++) {
                others[model] += one[model] / networks.size();
            }
        }
        for (int model = 0; model < medians.length; model++) {
            medians[model] = OF_NETWORKS * others[model] + (1 - OF_NETWORKS) * medians[model];
        }
        return medians;
    }

    /**
     * Gives by how much a model's log length exceeds its prediction at most, but for a share of {@code miss}: the
     * conformal quantile of its prompts' errors, each predicted without itself by the processes.
     */
    public double logMargin(int model, double miss) {
        return Quantiles.of(residuals[model]).conformal(miss);
    }

    private static double[] leaveOneOut(
            SharedFactor factor, PromptProcess process, PromptProcess deviation, double[][] logLengths, int model) {
        double[] shared = process.leaveOneOut();
        double[] own = deviation.leaveOneOut();
        double[] residuals = new double[shared.length];
        for (int i = 0; i < residuals.length; i++) {
            residuals[i] = logLengths[i][model] - factor.offsets()[model] - factor.slopes()[model] * shared[i] - own[i];
        }
        return Arrays.stream(residuals).filter(r -> !Double.isNaN(r)).toArray();
    }
}
