using ZenNas.Search;

namespace ZenNas.Data.Augmentation;

/// <summary>Puts black pixels around a picture and cuts out a window of its old size.</summary>
internal static class PadAndCrop
{
    /// <summary>Every place of the window is equally likely.</summary>
    public static void Apply(PixelView source, int pad, ref StepRandom random, PixelMap target) =>
        Crop(source, random.Next(-pad, pad), random.Next(-pad, pad), target);

    /// <summary>Cuts out the window that begins at a pixel of the source, which may lie outside.</summary>
    public static void Crop(PixelView source, int top, int left, PixelMap target)
    {
        target.Resize(source.Height, source.Width, source.Channels);
        var kept = Math.Max(0, source.Width - Math.Abs(left)) * source.Channels;
        var from = Math.Max(0, left) * source.Channels;
        var to = Math.Max(0, -left) * source.Channels;
        for (var y = 0; y < target.Height; y++)
        {
            var row = target.Row(y);
            if (kept == 0 || y + top < 0 || y + top >= source.Height)
            {
                row.Clear();
                continue;
            }

            row[..to].Clear();
            source.Row(y + top).Slice(from, kept).CopyTo(row[to..]);
            row[(to + kept)..].Clear();
        }
    }
}
