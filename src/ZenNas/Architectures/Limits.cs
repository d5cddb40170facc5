namespace ZenNas.Architectures;

/// <summary>
/// What an architecture may contain at most. The limits are far above any published network; they keep a hostile
/// file from costing more than a few megabytes and the counts of each layer within 63 bits.
/// </summary>
public static class Limits
{
    /// <summary>Most blocks in an architecture.</summary>
    public const int Blocks = 256;

    /// <summary>Most repeats of one block.</summary>
    public const int Repeats = 256;

    /// <summary>Most sub-layers (repeats summed over blocks).</summary>
    public const int Layers = 1024;

    /// <summary>Most channels of a feature map.</summary>
    public const int Width = 65_536;

    /// <summary>Largest stride of a block.</summary>
    public const int Stride = 4;

    /// <summary>Largest input resolution in pixels.</summary>
    public const int Resolution = 4_096;

    /// <summary>Most classes.</summary>
    public const int Classes = 1_000_000;

    /// <summary>Most characters of a structure string or bytes of an architecture file.</summary>
    public const int FileSize = 256 * 1024;
}
