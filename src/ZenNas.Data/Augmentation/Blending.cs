namespace ZenNas.Data.Augmentation;

/// <summary>Mixes a picture with a changed one; a factor of 0 is the changed one, 1 the picture, and more goes beyond it. Rounding is that of Pillow.</summary>
internal static class Blending
{
    // Border pixels have no eight neighbours, and stay.
    private const int CentreWeight = 5;
    private const int WeightSum = 13;

    /// <summary>Mixes with the grey picture; grey pictures stay as they are.</summary>
    public static void Color(PixelMap map, double factor)
    {
        if (map.Channels == 1)
        {
            return;
        }

        for (var rest = map.Pixels; rest.Length >= 3; rest = rest[3..])
        {
            var grey = Grey(rest[0], rest[1], rest[2]);
            rest[2] = Mix(grey, rest[2], (float)factor);
            rest[1] = Mix(grey, rest[1], (float)factor);
            rest[0] = Mix(grey, rest[0], (float)factor);
        }
    }

    /// <summary>Mixes with the picture smoothed over 3×3 pixels, in which the centre counts five times.</summary>
    public static void Sharpness(PixelView source, double factor, PixelMap target)
    {
        target.CopyFrom(source);
        var channels = source.Channels;
        for (var y = 1; y < source.Height - 1; y++)
        {
            var above = source.Row(y - 1);
            var row = source.Row(y);
            var below = source.Row(y + 1);
            var mixed = target.Row(y);
            for (var x = channels; x < row.Length - channels; x++)
            {
                var sum = above[x - channels] + above[x] + above[x + channels]
                    + row[x - channels] + CentreWeight * row[x] + row[x + channels]
                    + below[x - channels] + below[x] + below[x + channels];
                mixed[x] = Mix((byte)((sum + WeightSum / 2) / WeightSum), row[x], (float)factor);
            }
        }
    }

    /// <summary>Luma of ITU-R BT.601.</summary>
    public static byte Grey(byte red, byte green, byte blue) => (byte)((19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16);

    public static byte Mix(byte changed, byte value, float factor) =>
        (byte)Math.Clamp(changed + factor * (value - changed), 0, byte.MaxValue);
}
