using ZenNas.Architectures;

namespace ZenNas.Bench.Networks;

/// <summary>Files of networks as a search meets them: one line each, <c>resolution structure</c>.</summary>
internal static class NetworkStream
{
    public static void Write(string folder, BenchSpace space, IEnumerable<Architecture> networks)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(FileOf(folder, space), string.Concat(networks.Select(n => $"{n.Resolution} {StructureString.TryFormat(n)}\n")));
    }

    /// <summary>Reads a number of networks, spread evenly over the stream.</summary>
    /// <exception cref="InvalidInputException">The file isn't there, holds too few networks or something else.</exception>
    public static IReadOnlyList<Architecture> Read(string folder, BenchSpace space, int count)
    {
        var file = FileOf(folder, space);
        if (!File.Exists(file))
        {
            throw new InvalidInputException($"'{file}' isn't there; the command stream makes it");
        }

        var lines = File.ReadAllLines(file);
        return count <= lines.Length
            ? [.. Enumerable.Range(0, count).Select(i => Parse(lines[(int)((long)i * lines.Length / count)], space))]
            : throw new InvalidInputException($"networks are {count}; '{file}' holds {lines.Length}");
    }

    private static Architecture Parse(string line, BenchSpace space) =>
        line.Split(' ') is [var resolution, var structure] && int.TryParse(resolution, out var pixels)
            ? StructureString.Parse(structure, pixels, space.Classes)
            : throw new InvalidInputException($"stream line is '{line}'; allowed is a resolution and a structure string");

    private static string FileOf(string folder, BenchSpace space) => Path.Combine(folder, $"{space.Name}.txt");
}
