namespace ZenNas.Latency;

/// <summary>
/// What makes the times of single kernels differ from the time of the whole: a runtime that watches its kernels takes longer for each, and a run costs something
/// besides its kernels. Both are the same for all networks, so they are found from all of them; what is left is a change of the machine's pace between the
/// two measurements of a network, by which all its kernels are scaled.
/// </summary>
/// <param name="KernelMs">Milliseconds that watching adds to a kernel.</param>
/// <param name="RunMs">Milliseconds of a run besides its kernels.</param>
internal readonly record struct WatchingCost(double KernelMs, double RunMs)
{
    private const double FirstStep = 0.004;
    private const double LastStep = 1e-5;

    // What remains of a kernel at least, as a share: short ones are watched in whole microseconds.
    private const double LeastShare = 0.1;

    // Networks that were disturbed don't count for more.
    private const double MostDifference = 0.3;

    /// <summary>The costs that bring sums of kernels nearest to the times of whole networks.</summary>
    /// <param name="networks">At least one.</param>
    public static WatchingCost Fit(IReadOnlyList<ProfiledNetwork> networks)
    {
        var best = new WatchingCost(0, 0);
        var difference = best.Difference(networks);
        for (var step = FirstStep; step >= LastStep;)
        {
            var current = best;
            WatchingCost[] near =
            [
                current with { KernelMs = current.KernelMs + step }, current with { KernelMs = Math.Max(0, current.KernelMs - step) },
                current with { RunMs = current.RunMs + step }, current with { RunMs = Math.Max(0, current.RunMs - step) },
                new(current.KernelMs + step, current.RunMs + step),
            ];
            foreach (var candidate in near)
            {
                var itsDifference = candidate.Difference(networks);
                (best, difference) = itsDifference < difference ? (candidate, itsDifference) : (best, difference);
            }

            step = best == current ? step / 2 : step;
        }

        return best;
    }

    /// <summary>Milliseconds of each kernel as they add up to the whole network; the head takes along what a run costs besides.</summary>
    public double[] Remove(ProfiledNetwork network)
    {
        var ms = new double[network.WatchedMs.Length];
        for (var i = 0; i < ms.Length; i++)
        {
            ms[i] = Remaining(network.WatchedMs[i]) + (network.Kernels[i].Kind == KernelKind.Head ? RunMs : 0);
        }

        var scale = network.Ms / ms.Sum();
        return [.. ms.Select(kernel => kernel * scale)];
    }

    private double Difference(IReadOnlyList<ProfiledNetwork> networks)
    {
        double sum = 0;
        foreach (var network in networks)
        {
            var kernels = RunMs;
            foreach (var watched in network.WatchedMs)
            {
                kernels += Remaining(watched);
            }

            sum += Math.Min(MostDifference, Math.Abs(Math.Log(kernels / network.Ms)));
        }

        return sum;
    }

    private double Remaining(double watched) => Math.Max(watched - KernelMs, LeastShare * watched);
}
