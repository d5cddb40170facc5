namespace ZenNas.Architectures.Zoo;

/// <summary>The networks that the paper's authors released, as structure strings.</summary>
internal static class ZenNetFamily
{
    public static IEnumerable<ZooEntry> All()
    {
        using var document = ZooFile.Read("zennets.json");
        foreach (var e in document.RootElement.EnumerateArray())
        {
            yield return new ZooEntry(
                e.GetProperty("name").GetString()!, "zennet",
                StructureString.Parse(
                    e.GetProperty("structure").GetString()!, e.GetProperty("resolution").GetInt32(), e.GetProperty("classes").GetInt32()));
        }
    }
}
