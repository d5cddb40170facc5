using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using ZenNas.Architectures;

namespace ZenNas.Onnx.Latency;

/// <summary>
/// Reads ONNX Runtime's own profile. A fused node keeps the name of one of its layers, which decides to which kernel its time belongs; nodes
/// that only change the layout have names of their own and count for the node that runs next and reads the result.
/// </summary>
internal sealed class LayerProfile
{
    private const string KernelTime = "_kernel_time";
    private const string BlockedLayout = "_nchwc";
    private const string Flattening = ".flat";
    private static readonly ImmutableArray<string> Reorderings = ["ReorderInput", "ReorderOutput", "Transpose"];

    private readonly Dictionary<string, int> _positions = [];
    private readonly int _layers;

    /// <param name="network">The network that ran.</param>
    public LayerProfile(Network network)
    {
        var names = LayerNames.Of(network);
        for (var i = 0; i < names.Length; i++)
        {
            _positions[names[i]] = i;
        }

        _layers = names.Length;
    }

    /// <summary>Interquartile mean of milliseconds by layer.</summary>
    /// <param name="file">The profile.</param>
    /// <exception cref="InvalidOperationException">A node belongs to no layer.</exception>
    public double[] Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        var times = new Dictionary<string, List<double>>();
        double waiting = 0;
        foreach (var entry in document.RootElement.EnumerateArray())
        {
            if (!entry.TryGetProperty("name", out var property) || property.GetString() is not { } name || !name.EndsWith(KernelTime, StringComparison.Ordinal))
            {
                continue;
            }

            // Whole microseconds, cut off.
            var ms = (entry.GetProperty("dur").GetInt64() + 0.5) / 1000;
            var node = name[..^KernelTime.Length];
            if (Position(node) is not null)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(times, node, out _) ??= [];
                times[node].Add(ms + waiting);
                waiting = 0;
            }
            else if (entry.GetProperty("args").GetProperty("op_name").GetString() is { } operation && Reorderings.Contains(operation))
            {
                waiting += ms;
            }
            else
            {
                throw new InvalidOperationException($"ONNX Runtime ran a node '{node}' that belongs to no layer");
            }
        }

        var layers = new double[_layers];
        foreach (var (node, list) in times)
        {
            layers[Position(node)!.Value] += Middle(list);
        }

        return layers;
    }

    private int? Position(string node)
    {
        var name = node.EndsWith(BlockedLayout, StringComparison.Ordinal) ? node[..^BlockedLayout.Length] : node;
        name = name.EndsWith(Flattening, StringComparison.Ordinal) ? name[..^Flattening.Length] : name;
        return _positions.TryGetValue(name, out var position) ? position : null;
    }

    /// <summary>Mean of the middle half.</summary>
    private static double Middle(List<double> values)
    {
        values.Sort();
        var cut = values.Count / 4;
        return values.GetRange(cut, values.Count - 2 * cut).Average();
    }
}
