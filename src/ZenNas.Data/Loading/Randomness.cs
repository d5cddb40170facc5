using ZenNas.Search;

namespace ZenNas.Data.Loading;

/// <summary>Random numbers for each purpose, on their own for each epoch and picture or batch.</summary>
internal static class Randomness
{
    private const ulong Order = 0;
    private const ulong Picture = 1;
    private const ulong MixupShare = 2;

    /// <summary>Each picture's position once, in random order (Fisher and Yates).</summary>
    public static int[] OrderOfEpoch(int count, ulong seed, int epoch)
    {
        var random = new StepRandom(StepRandom.Derive(seed, Order), (ulong)epoch);
        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            var other = random.Next(i + 1);
            order[i] = order[other];
            order[other] = i;
        }

        return order;
    }

    public static StepRandom OfPicture(ulong seed, int epoch, int index) => Of(seed, Picture, epoch, index);

    public static StepRandom OfMixup(ulong seed, int epoch, int batch) => Of(seed, MixupShare, epoch, batch);

    private static StepRandom Of(ulong seed, ulong purpose, int epoch, int number) =>
        new(StepRandom.Derive(StepRandom.Derive(seed, purpose), (ulong)epoch), (ulong)number);
}
