namespace ZenNas.Data.Augmentation;

/// <summary>Operations that give every value of a channel another one. Rounding is that of Pillow.</summary>
internal static class ToneOperations
{
    private const int Levels = byte.MaxValue + 1;

    public static void Invert(PixelMap map)
    {
        foreach (ref var value in map.Pixels)
        {
            value = (byte)(byte.MaxValue - value);
        }
    }

    /// <summary>Inverts values from a threshold on.</summary>
    public static void Solarize(PixelMap map, double threshold)
    {
        foreach (ref var value in map.Pixels)
        {
            value = value < threshold ? value : (byte)(byte.MaxValue - value);
        }
    }

    /// <summary>Keeps the upper bits of each value.</summary>
    public static void Posterize(PixelMap map, int bits)
    {
        var mask = (byte)(byte.MaxValue << (8 - bits));
        foreach (ref var value in map.Pixels)
        {
            value &= mask;
        }
    }

    /// <summary>Stretches the values of each channel, so that they begin at 0 and end at 255.</summary>
    public static void AutoContrast(PixelMap map)
    {
        Span<int> counts = stackalloc int[Levels];
        Span<byte> table = stackalloc byte[Levels];
        for (var c = 0; c < map.Channels; c++)
        {
            Count(map, c, counts);
            var lowest = counts.IndexOfAnyExcept(0);
            var highest = counts.LastIndexOfAnyExcept(0);
            if (lowest < highest)
            {
                var scale = (double)byte.MaxValue / (highest - lowest);
                for (var level = 0; level < Levels; level++)
                {
                    table[level] = (byte)Math.Clamp((int)(level * scale - lowest * scale), 0, byte.MaxValue);
                }

                Replace(map, c, table);
            }
        }
    }

    /// <summary>Spreads the values of each channel, so that about equally many pixels lie in ranges of equal length.</summary>
    public static void Equalize(PixelMap map)
    {
        Span<int> counts = stackalloc int[Levels];
        Span<byte> table = stackalloc byte[Levels];
        for (var c = 0; c < map.Channels; c++)
        {
            Count(map, c, counts);
            var step = (map.Height * map.Width - counts[counts.LastIndexOfAnyExcept(0)]) / byte.MaxValue;
            if (step > 0)
            {
                var below = step / 2;
                for (var level = 0; level < Levels; level++)
                {
                    table[level] = (byte)Math.Min(below / step, byte.MaxValue);
                    below += counts[level];
                }

                Replace(map, c, table);
            }
        }
    }

    /// <summary>Mixes with black: 0 is black, 1 the picture, more is brighter.</summary>
    public static void Brightness(PixelMap map, double factor) => MixWith(0, map, factor);

    /// <summary>Mixes with the mean grey: 0 is grey, 1 the picture, more has more contrast.</summary>
    public static void Contrast(PixelMap map, double factor)
    {
        long sum = 0;
        var pixels = map.Pixels;
        if (map.Channels == 1)
        {
            foreach (var value in pixels)
            {
                sum += value;
            }
        }
        else
        {
            for (var i = 0; i < pixels.Length; i += 3)
            {
                sum += Blending.Grey(pixels[i], pixels[i + 1], pixels[i + 2]);
            }
        }

        MixWith((byte)((double)sum / (map.Height * map.Width) + 0.5), map, factor);
    }

    private static void MixWith(byte other, PixelMap map, double factor)
    {
        Span<byte> table = stackalloc byte[Levels];
        for (var level = 0; level < Levels; level++)
        {
            table[level] = Blending.Mix(other, (byte)level, (float)factor);
        }

        foreach (ref var value in map.Pixels)
        {
            value = table[value];
        }
    }

    private static void Count(PixelMap map, int channel, Span<int> counts)
    {
        counts.Clear();
        var pixels = map.Pixels;
        for (var i = channel; i < pixels.Length; i += map.Channels)
        {
            counts[pixels[i]]++;
        }
    }

    private static void Replace(PixelMap map, int channel, ReadOnlySpan<byte> table)
    {
        var pixels = map.Pixels;
        for (var i = channel; i < pixels.Length; i += map.Channels)
        {
            pixels[i] = table[pixels[i]];
        }
    }
}
