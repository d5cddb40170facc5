using System.Collections.Immutable;
using ZenNas.Search;

namespace ZenNas.Training;

/// <summary>A 1×1 convolution that brings a student's feature map to the channels of its teacher's.</summary>
/// <param name="Channels">Channels of the student.</param>
/// <param name="TeacherChannels">Channels of the teacher.</param>
/// <param name="Seed">Seed of its first weights.</param>
internal readonly record struct Projection(int Channels, int TeacherChannels, ulong Seed)
{
    /// <summary>(out, 1, 1, in).</summary>
    public ImmutableArray<long> WeightShape => [TeacherChannels, 1, 1, Channels];

    /// <summary>Uniform with variance 1/in, so that the map keeps its size.</summary>
    public float[] InitialWeights()
    {
        var random = new StepRandom(Seed, 0);
        var bound = Math.Sqrt(3.0 / Channels);
        var weights = new float[TeacherChannels * Channels];
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = (float)(bound * (2 * random.NextUniform() - 1));
        }

        return weights;
    }
}
