namespace ZenNas.Training;

/// <summary>An epoch in numbers.</summary>
/// <param name="Epoch">Epochs finished, from 1.</param>
/// <param name="LearningRate">Of the epoch's last step.</param>
/// <param name="TrainingLoss">Mean loss of its steps, the teacher's part included, in nats.</param>
/// <param name="TestLoss">Mean cross-entropy of the test pictures, in nats.</param>
/// <param name="Top1">Test accuracy, 0 to 1.</param>
/// <param name="Top5">Share of test pictures whose class is among the first five guesses, 0 to 1.</param>
/// <param name="Seconds">Seconds of its steps.</param>
/// <param name="EvaluationSeconds">Seconds of its evaluation.</param>
/// <param name="Images">Pictures learnt from.</param>
public readonly record struct EpochRow(
    int Epoch, double LearningRate, double TrainingLoss, double TestLoss, double Top1, double Top5, double Seconds, double EvaluationSeconds, long Images)
{
    /// <summary>Pictures learnt from in a second.</summary>
    public double ImagesPerSecond => Images / Seconds;
}
