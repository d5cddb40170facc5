using System.Numerics;
using ZenNas.Data.Augmentation;
using ZenNas.Search;

namespace ZenNas.Data.Loading;

/// <summary>
/// Mixes each picture of a batch with another one (Zhang et al., 2018), the first with the last and so on. As batches are drawn at random, that is as good
/// as any other pairing, and both of a pair can be mixed in place.
/// </summary>
internal static class Mixup
{
    public static void Apply(ImageBatch batch, double alpha, ref StepRandom random)
    {
        batch.Lambda = (float)random.Beta(alpha);
        for (var i = 0; i < batch.Count; i++)
        {
            var other = batch.Count - 1 - i;
            batch.OtherLabels[i] = batch.Labels[other];
            if (i < other)
            {
                Mix(batch.Picture(i), batch.Picture(other), batch.Lambda);
            }
        }
    }

    private static void Mix(Span<float> one, Span<float> other, float share)
    {
        var i = 0;
        for (; i <= one.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var (a, b) = (new Vector<float>(one[i..]), new Vector<float>(other[i..]));
            (share * a + (1 - share) * b).CopyTo(one[i..]);
            (share * b + (1 - share) * a).CopyTo(other[i..]);
        }

        for (; i < one.Length; i++)
        {
            (one[i], other[i]) = (share * one[i] + (1 - share) * other[i], share * other[i] + (1 - share) * one[i]);
        }
    }
}
