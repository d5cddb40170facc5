using ZenNas.Data;
using ZenNas.Training;
using ZenNas.Weights;

namespace ZenNas.Cli.Input;

/// <summary>A training that can begin or go on.</summary>
/// <param name="Folder">Its folder, held.</param>
/// <param name="Data">Its pictures.</param>
/// <param name="Start">Weights to start from; null for untrained ones.</param>
internal sealed record TrainingRequest(TrainingFolder Folder, DatasetPair Data, NetworkWeights? Start) : IDisposable
{
    public void Dispose() => Folder.Dispose();
}
