namespace ZenNas.Data.Augmentation;

/// <summary>Mirrors a picture left to right.</summary>
internal static class HorizontalFlip
{
    public static void Apply(PixelMap map)
    {
        for (var y = 0; y < map.Height; y++)
        {
            var row = map.Row(y);
            row.Reverse();
            if (map.Channels == 3)
            {
                // The reversal turned the channels of each pixel around too.
                for (; row.Length >= 3; row = row[3..])
                {
                    (row[0], row[2]) = (row[2], row[0]);
                }
            }
        }
    }
}
