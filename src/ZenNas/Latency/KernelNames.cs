using ZenNas.Json;

namespace ZenNas.Latency;

/// <summary>Names of kernels in files and messages.</summary>
internal static class KernelNames
{
    private static readonly EnumNames<KernelKind> Kinds = new(
        (KernelKind.Convolution, "convolution"), (KernelKind.GroupedConvolution, "grouped-convolution"),
        (KernelKind.DepthwiseConvolution, "depthwise-convolution"), (KernelKind.SqueezeExcitation, "squeeze-excitation"),
        (KernelKind.MaxPool, "max-pool"), (KernelKind.Head, "head"));

    public static IReadOnlyList<string> All => Kinds.All;

    public static string Of(KernelKind kind) => Kinds.Of(kind);

    public static KernelKind Parse(string name) => Kinds.Parse(name);

    /// <summary>A kernel in words.</summary>
    public static string Describe(in KernelShape kernel) =>
        $"{Of(kernel.Kind)} {kernel.InChannels}→{kernel.OutChannels} channels, {kernel.Kernel}×{kernel.Kernel}, stride {kernel.Stride}, "
        + $"{kernel.OutSize}×{kernel.OutSize} out{(kernel.Groups > 1 ? $", {kernel.Groups} groups" : "")}";
}
