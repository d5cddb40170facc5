using System.Collections.Immutable;
using System.Text;
using ZenNas.Export.PyTorch;
using ZenNas.Onnx.Export;
using ZenNas.Weights;

namespace ZenNas.Cli.Input;

/// <summary>What <c>zennas export</c> shall write.</summary>
/// <param name="Format"><see cref="ExportOptions.Onnx"/>, <see cref="ExportOptions.PyTorch"/> or <see cref="ExportOptions.SafeTensors"/>.</param>
/// <param name="Target">The file to write; with <see cref="ExportOptions.PyTorch"/> the folder.</param>
/// <param name="Weights">The network and its weights.</param>
/// <param name="Source">The file that the weights come from; null where they are random.</param>
/// <param name="Seed">Seed of random weights; null where they come from a file.</param>
/// <param name="Settings">How to write ONNX; a PyTorch network has the same kinds of output.</param>
internal sealed record ExportRequest(string Format, string Target, NetworkWeights Weights, string? Source, ulong? Seed, OnnxExportSettings Settings)
{
    /// <summary>Whether what is written has no batch normalisations left.</summary>
    public bool IsFolded => Weights.IsFolded || Settings.FoldBatchNorms;

    /// <summary>What the network reads; empty where it isn't written.</summary>
    public ImmutableArray<OnnxPort> Inputs => HasNetwork ? [OnnxPort.InputOf(Weights.Network, Settings)] : [];

    /// <summary>What the network gives; empty where it isn't written.</summary>
    public ImmutableArray<OnnxPort> Outputs => HasNetwork ? OnnxPort.OutputsOf(Weights.Network, Settings) : [];

    private bool HasNetwork => Format != ExportOptions.SafeTensors;

    /// <summary>Writes it, whole or not at all.</summary>
    /// <returns>How many bytes that are.</returns>
    /// <exception cref="InvalidInputException">It can't be written there.</exception>
    public long Write()
    {
        if (Format == ExportOptions.PyTorch)
        {
            var written = Settings.FoldBatchNorms ? Weights.FoldBatchNorms() : Weights;
            ImmutableArray<(string Name, byte[] Content)> files =
            [
                (PyTorchExport.ModelFileName, Encoding.UTF8.GetBytes(PyTorchExport.ToSource(written, Settings.Features))),
                (PyTorchExport.WeightsFileName, WeightsFile.ToBytes(written)),
            ];
            NewFolder.Write("--out", Target, files);
            return files.Sum(file => (long)file.Content.Length);
        }

        var content = Format == ExportOptions.Onnx ? OnnxExport.ToBytes(Weights, Settings) : WeightsFile.ToBytes(Weights);
        OutputFile.Write("--out", Target, content);
        return content.Length;
    }
}
