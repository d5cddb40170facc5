using System.Text.Json;

namespace ZenNas.Architectures.Zoo;

/// <summary>The zoo's data, embedded in the assembly.</summary>
internal static class ZooFile
{
    public static JsonDocument Read(string name)
    {
        using var stream = typeof(ZooFile).Assembly.GetManifestResourceStream($"zoo/{name}")!;
        return JsonDocument.Parse(stream);
    }
}
