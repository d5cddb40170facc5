using System.Runtime.CompilerServices;
using ZenNas.Torch;

namespace ZenNas.Training.Kernels;

/// <summary>A number for each channel, laid out as the vectors of a format take a span of rows.</summary>
/// <typeparam name="TFormat">Number format of the map.</typeparam>
internal sealed unsafe class ChannelNumbers<TFormat>
    where TFormat : struct, IMapFormat
{
    private readonly float[] _byChannel;
    private readonly float[] _bySpan;

    public ChannelNumbers(in RowShape shape)
    {
        _byChannel = GC.AllocateArray<float>(shape.Channels, pinned: true);
        _bySpan = GC.AllocateArray<float>(shape.Span, pinned: true);
    }

    /// <summary>One number a channel.</summary>
    public float* ByChannel => (float*)Unsafe.AsPointer(ref _byChannel[0]);

    /// <summary>One number for each place of a span.</summary>
    public float* BySpan => (float*)Unsafe.AsPointer(ref _bySpan[0]);

    /// <summary>Sets all numbers.</summary>
    public void Set(Func<int, double> number)
    {
        for (var channel = 0; channel < _byChannel.Length; channel++)
        {
            _byChannel[channel] = (float)number(channel);
        }

        for (var place = 0; place < _bySpan.Length; place++)
        {
            _bySpan[place] = _byChannel[ChannelAt(place, _byChannel.Length)];
        }
    }

    /// <summary>The channel of a place of a span.</summary>
    public static int ChannelAt(int place, int channels) =>
        (place / RowShape.Block * RowShape.Block + TFormat.ElementAt(place % RowShape.Block)) % channels;
}
