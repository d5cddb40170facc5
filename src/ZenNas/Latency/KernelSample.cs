namespace ZenNas.Latency;

/// <summary>A kernel and how long a device takes for it.</summary>
/// <param name="Shape">The kernel.</param>
/// <param name="Ms">Milliseconds for a batch, mean over the networks it was seen in.</param>
/// <param name="Count">How often it was seen.</param>
public readonly record struct KernelSample(KernelShape Shape, double Ms, int Count);
