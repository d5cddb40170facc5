using ZenNas.Onnx.Export;
using ZenNas.Weights;

namespace ZenNas.Cli.Input;

/// <summary>What <c>zennas export</c> shall write.</summary>
/// <param name="Format"><see cref="ExportOptions.Onnx"/> or <see cref="ExportOptions.SafeTensors"/>.</param>
/// <param name="Target">The file to write.</param>
/// <param name="Weights">The network and its weights.</param>
/// <param name="Source">The file that the weights come from; null where they are random.</param>
/// <param name="Seed">Seed of random weights; null where they come from a file.</param>
/// <param name="Settings">How to write ONNX.</param>
internal sealed record ExportRequest(string Format, string Target, NetworkWeights Weights, string? Source, ulong? Seed, OnnxExportSettings Settings)
{
    public bool IsOnnx => Format == ExportOptions.Onnx;

    /// <summary>Whether what is written has no batch normalisations left.</summary>
    public bool IsFolded => Weights.IsFolded || (IsOnnx && Settings.FoldBatchNorms);

    public byte[] ToBytes() => IsOnnx ? OnnxExport.ToBytes(Weights, Settings) : WeightsFile.ToBytes(Weights);
}
