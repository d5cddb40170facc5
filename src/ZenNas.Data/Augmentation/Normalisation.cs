namespace ZenNas.Data.Augmentation;

/// <summary>Brings bytes to numbers of mean 0 and standard deviation 1 over the dataset.</summary>
internal sealed class Normalisation
{
    private const int Levels = byte.MaxValue + 1;
    private readonly int _channels;
    private readonly float[] _table;
    private readonly float[] _scale;

    /// <param name="statistics">Statistics of the dataset.</param>
    /// <param name="channels">Channels wanted: those of the statistics, or 3 for grey pictures, which are then repeated.</param>
    public Normalisation(ImageStatistics statistics, int channels)
    {
        _channels = channels;
        _table = new float[channels * Levels];
        _scale = new float[channels];
        for (var c = 0; c < channels; c++)
        {
            var (mean, deviation) = (statistics.Mean[c % statistics.Mean.Length], statistics.StandardDeviation[c % statistics.Mean.Length]);
            _scale[c] = 1 / deviation;
            for (var level = 0; level < Levels; level++)
            {
                _table[c * Levels + level] = (level / (float)byte.MaxValue - mean) / deviation;
            }
        }
    }

    /// <summary>Normalises a picture.</summary>
    /// <param name="source">The picture; 1 channel, or as many as are wanted.</param>
    /// <param name="light">What is added to each channel beforehand, where 1 is white.</param>
    /// <param name="target">Shape (height, width, channels wanted).</param>
    public void Apply(PixelView source, Light light, Span<float> target)
    {
        if (_channels == 1)
        {
            ApplyGrey(source.Pixels, target);
            return;
        }

        ReadOnlySpan<float> red = _table.AsSpan(0, Levels);
        ReadOnlySpan<float> green = _table.AsSpan(Levels, Levels);
        ReadOnlySpan<float> blue = _table.AsSpan(2 * Levels, Levels);
        var (addedRed, addedGreen, addedBlue) = (light.Red * _scale[0], light.Green * _scale[1], light.Blue * _scale[2]);
        var step = source.Channels;
        var pixels = source.Pixels;
        for (; target.Length >= 3; target = target[3..])
        {
            target[2] = blue[pixels[step - 1]] + addedBlue;
            target[1] = green[pixels[step / 2]] + addedGreen;
            target[0] = red[pixels[0]] + addedRed;
            pixels = pixels[step..];
        }
    }

    private void ApplyGrey(ReadOnlySpan<byte> pixels, Span<float> target)
    {
        ReadOnlySpan<float> table = _table;
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = table[pixels[i]];
        }
    }
}
