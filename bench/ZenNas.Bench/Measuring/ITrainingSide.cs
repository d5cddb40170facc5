namespace ZenNas.Bench.Measuring;

/// <summary>What a round of training is.</summary>
/// <param name="Data">Folder of Fashion-MNIST.</param>
/// <param name="Batch">Pictures of a step.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Steps">Steps of a round.</param>
internal sealed record TrainingRound(string Data, int Batch, int Threads, int Steps)
{
    public long Images => (long)Batch * Steps;
}

/// <summary>A program that trains a network.</summary>
internal interface ITrainingSide : IDisposable
{
    string Name { get; }

    /// <summary>Seconds of a round; the first call warms up before.</summary>
    double Seconds();
}
