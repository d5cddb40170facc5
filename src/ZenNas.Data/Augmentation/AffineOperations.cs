namespace ZenNas.Data.Augmentation;

/// <summary>Moves the pixels of a picture; each takes the nearest source pixel, or mid-grey where there is none.</summary>
internal static class AffineOperations
{
    public const byte Outside = 128;

    /// <summary>Rows are shifted to the left by a share of their distance from the upper edge.</summary>
    public static void ShearX(PixelView source, double share, PixelMap target) => Apply(source, new Map(1, share, 0, 0, 1, 0), target);

    /// <summary>Columns are shifted upwards by a share of their distance from the left edge.</summary>
    public static void ShearY(PixelView source, double share, PixelMap target) => Apply(source, new Map(1, 0, 0, share, 1, 0), target);

    /// <summary>Shifts to the left by a number of pixels.</summary>
    public static void TranslateX(PixelView source, int pixels, PixelMap target) => Apply(source, new Map(1, 0, pixels, 0, 1, 0), target);

    /// <summary>Shifts upwards by a number of pixels.</summary>
    public static void TranslateY(PixelView source, int pixels, PixelMap target) => Apply(source, new Map(1, 0, 0, 0, 1, pixels), target);

    /// <summary>Turns counter-clockwise around the centre.</summary>
    public static void Rotate(PixelView source, double degrees, PixelMap target)
    {
        var (sine, cosine) = Math.SinCos(degrees * Math.PI / 180);
        var (x, y) = (source.Width / 2.0, source.Height / 2.0);
        Apply(source, new Map(cosine, -sine, x - cosine * x + sine * y, sine, cosine, y - sine * x - cosine * y), target);
    }

    private static void Apply(PixelView source, Map map, PixelMap target)
    {
        target.Resize(source.Height, source.Width, source.Channels);
        var channels = source.Channels;
        for (var y = 0; y < target.Height; y++)
        {
            var row = target.Row(y);
            var (lineX, lineY) = (map.XByY * (y + 0.5) + map.X, map.YByY * (y + 0.5) + map.Y);
            for (var x = 0; x < target.Width; x++)
            {
                var at = x * channels;
                var column = (int)Math.Floor(map.XByX * (x + 0.5) + lineX);
                var line = (int)Math.Floor(map.YByX * (x + 0.5) + lineY);
                if ((uint)column < (uint)source.Width && (uint)line < (uint)source.Height)
                {
                    source.Pixels.Slice((line * source.Width + column) * channels, channels).CopyTo(row[at..]);
                }
                else
                {
                    row.Slice(at, channels).Fill(Outside);
                }
            }
        }
    }

    /// <summary>From the centre of a target pixel to where it comes from.</summary>
    private readonly record struct Map(double XByX, double XByY, double X, double YByX, double YByY, double Y);
}
