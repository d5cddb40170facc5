namespace ZenNas.Cli.Correlating;

/// <summary>A group of networks that were correlated.</summary>
/// <param name="Name">Its name; "all" for all networks.</param>
/// <param name="Networks">Networks in it.</param>
/// <param name="Bins">Its iso-budget bins; 0 where there were too few networks for two.</param>
internal sealed record CorrelationGroup(string Name, int Networks, int Bins);
