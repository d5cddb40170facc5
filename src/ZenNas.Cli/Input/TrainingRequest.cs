using ZenNas.Data;
using ZenNas.Training;

namespace ZenNas.Cli.Input;

/// <summary>A training that can begin or go on.</summary>
/// <param name="Folder">Its folder, held.</param>
/// <param name="Data">Its pictures.</param>
internal sealed record TrainingRequest(TrainingFolder Folder, DatasetPair Data) : IDisposable
{
    public void Dispose() => Folder.Dispose();
}
