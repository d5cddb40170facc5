namespace ZenNas.Search.Optimal;

/// <summary>How a block begins: what of it reads the channels that enter, but for what depends on its width too.</summary>
/// <param name="Main">The first convolution.</param>
/// <param name="Projection">The projection where it leads to a bottleneck; null where it leads to the block's width.</param>
internal readonly record struct BlockEntry(EntryLayer Main, EntryLayer? Projection)
{
    /// <summary>How an option's blocks begin.</summary>
    /// <param name="blocks">A block for every width.</param>
    public static BlockEntry Of(BlockPieces[] blocks) =>
        new(blocks[0].Main, Array.TrueForAll(blocks, block => block.Projection == blocks[0].Projection) ? blocks[0].Projection : null);
}
