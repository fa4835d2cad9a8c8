package dev.littoral.scheduler.promises;

/**
 * V of drift plus penalty (Neely, <i>Stochastic Network Optimization</i>, 2010, chapter 4): what a joule is worth whatever was
 * promised. What a promise's virtual queue asks for comes on top, so that a promise is kept with any V.
 *
 * @param secondsPerJoule of delay, 0 where energy has the price of its promises alone
 */
record EnergyWeight(double secondsPerJoule) {

    private static final double MOST_SECONDS_PER_JOULE = 1e6;

    /** Reads the setting, and refuses by name what is neither {@code auto} nor such a weight. */
    static EnergyWeight of(String setting) {
        if (setting.strip().equals("auto")) {
            return new EnergyWeight(0);
        }
        double seconds;
        try {
            seconds = Double.parseDouble(setting.strip());
        } catch (NumberFormatException e) {
            seconds = Double.NaN;
        }
        if (!(seconds >= 0 && seconds <= MOST_SECONDS_PER_JOULE)) {
            throw new IllegalArgumentException(
                    "littoral.promises.v must be auto, or seconds of delay per joule between 0 and 1000000: "
                            + setting);
        }
        return new EnergyWeight(seconds);
    }
}
