using ZenNas.Architectures;

namespace ZenNas.Torch;

/// <summary>Which maps nobody reads any more.</summary>
internal static class LastReaders
{
    /// <summary>For each layer, the layers whose output it is the last to read.</summary>
    public static IReadOnlyList<int>[] Of(Network network)
    {
        var layers = network.Layers;
        var last = new int[layers.Length];
        Array.Fill(last, -1);
        for (var i = 0; i < layers.Length; i++)
        {
            Read(last, layers[i].Input, i);
            Read(last, layers[i].Other, i);
        }

        var finished = new List<int>[layers.Length];
        for (var i = 0; i < layers.Length; i++)
        {
            finished[i] = [];
        }

        for (var i = 0; i < layers.Length; i++)
        {
            if (last[i] >= 0)
            {
                finished[last[i]].Add(i);
            }
        }

        return finished;
    }

    private static void Read(int[] last, int input, int reader)
    {
        if (input >= 0)
        {
            last[input] = reader;
        }
    }
}
