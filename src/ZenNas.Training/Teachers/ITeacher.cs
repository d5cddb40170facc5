using System.Collections.Immutable;
using static TorchSharp.torch;

namespace ZenNas.Training.Teachers;

/// <summary>A feature map of a teacher.</summary>
/// <param name="Stride">Downsampling from the teacher's input.</param>
/// <param name="Channels">Channels.</param>
public readonly record struct TeacherMap(int Stride, int Channels);

/// <summary>What a teacher says of a batch.</summary>
/// <param name="Logits">(N, classes).</param>
/// <param name="Maps">(N, C, H, W) for each of <see cref="ITeacher.Maps"/>.</param>
internal readonly record struct TeacherOutput(Tensor Logits, Tensor[] Maps);

/// <summary>A trained network that another one learns from.</summary>
internal interface ITeacher : IDisposable
{
    /// <summary>Classes it tells apart.</summary>
    int Classes { get; }

    /// <summary>Its feature maps at downsampling 16 and 32, as far as it has them.</summary>
    ImmutableArray<TeacherMap> Maps { get; }

    /// <summary>Runs a batch; to be called in a dispose scope, without gradients.</summary>
    /// <param name="images">(N, C, H, W), normalised as for the student.</param>
    TeacherOutput Run(Tensor images);
}
