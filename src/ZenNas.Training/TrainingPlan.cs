using ZenNas.Architectures;
using ZenNas.Data.Loading;
using ZenNas.Scores;
using ZenNas.Training.Recipes;

namespace ZenNas.Training;

/// <summary>All that decides the weights a training ends with, but for the data and the machine.</summary>
public sealed record TrainingPlan
{
    /// <summary>What is trained.</summary>
    public required Architecture Architecture { get; init; }

    /// <summary>How.</summary>
    public required Recipe Recipe { get; init; }

    /// <summary>Path of the data.</summary>
    public required string Data { get; init; }

    /// <summary>Path of the teacher; null for none.</summary>
    public required string? Teacher { get; init; }

    /// <summary>Seed of weights, order and augmentation.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Threads that share a batch, and threads of torch in evaluations; another number leads to slightly other weights.</summary>
    public required int Threads { get; init; }

    /// <summary>Number format of feature maps.</summary>
    public required Precision Precision { get; init; }

    /// <summary>Torch device.</summary>
    public required string Device { get; init; }

    /// <summary>Fingerprint of the data, from <see cref="DataFingerprint"/>; null where it isn't known.</summary>
    public string? DataSha256 { get; init; }

    /// <summary>SHA-256 of the teacher's file; null where there is none or it isn't known.</summary>
    public string? TeacherSha256 { get; init; }

    /// <summary>What to do about pictures that can't be read.</summary>
    public required BrokenPictureHandling BrokenPictures { get; init; }
}
