using System.Text.Json.Nodes;
using ZenNas.Json;

namespace ZenNas.Cluster.Messages;

/// <summary>What a worker put into the object store.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Sha256">Its SHA-256 in hexadecimal digits.</param>
public sealed record StoredResult(string Name, string Sha256)
{
    private const int LongestName = 200;

    /// <summary>As a result's body.</summary>
    public JsonObject ToNode() => new() { ["object"] = Name, ["sha256"] = Sha256 };

    /// <summary>Reads what <see cref="ToNode"/> wrote.</summary>
    internal static StoredResult Read(JsonObjectReader o) => new(o.Text("object", LongestName), o.Text("sha256", LongestName));
}
