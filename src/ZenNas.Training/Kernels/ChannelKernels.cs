using System.Runtime.Intrinsics;
using ZenNas.Torch;

namespace ZenNas.Training.Kernels;

/// <summary>
/// What happens between convolutions in a training step, each in one pass over memory: batch normalisation, addition and ReLU forward, and their
/// gradients. torch's own operations read and write every map about twice as often.
/// </summary>
/// <typeparam name="TFormat">Number format of the maps.</typeparam>
internal static unsafe class ChannelKernels<TFormat>
    where TFormat : struct, IMapFormat
{
    private const int Block = RowShape.Block;
    private const int Half = Block / 2;

    // Sums of this many spans stay in single precision before they go to double.
    private const int SpansPerFlush = 256;

    /// <summary>Adds up, for each channel, Σu and Σu·(map − centre), where u is what the gate lets pass.</summary>
    /// <param name="gradient">Gradient of the output; not read where the gate doesn't.</param>
    /// <param name="map">What was normalised.</param>
    /// <param name="shape">Shape of both.</param>
    /// <param name="numbers">Centre, and for the gate scale and shift.</param>
    /// <param name="totals">Sums of all channels, then sums of products.</param>
    public static void Accumulate<TGate>(byte* gradient, byte* map, in RowShape shape, NormNumbers<TFormat> numbers, double* totals)
        where TGate : struct, IGate
    {
        var (span, spans) = (shape.Span, shape.Spans);
        new Span<float>(numbers.Sums, 2 * span).Clear();
        var pending = 0;
        for (long i = 0; i < spans; i++)
        {
            AddSpan<TGate>(gradient, map, (nint)(i * span), span, numbers);
            if (++pending == SpansPerFlush)
            {
                Flush(numbers.Sums, totals, shape);
                pending = 0;
            }
        }

        Flush(numbers.Sums, totals, shape);
        AddRest<TGate>(gradient, map, shape, numbers, totals);
    }

    /// <summary>output = scale · map + shift [+ other], and its positive part with ReLU.</summary>
    /// <param name="map">Read.</param>
    /// <param name="other">Second operand of an addition; null for none.</param>
    /// <param name="output">Written.</param>
    /// <param name="shape">Shape of all.</param>
    /// <param name="numbers">Scale and shift.</param>
    /// <param name="relu">Whether negative values become 0.</param>
    public static void Forward(byte* map, byte* other, byte* output, in RowShape shape, NormNumbers<TFormat> numbers, bool relu)
    {
        float* scale = numbers.Scale.BySpan, shift = numbers.Shift.BySpan;
        var floor = relu ? 0 : float.NegativeInfinity;
        var least = Vector256.Create(floor);
        var span = shape.Span;
        nint at = 0;
        for (long i = 0; i < shape.Spans; i++, at += span)
        {
            for (var c = 0; c < span; c += Block)
            {
                TFormat.Load(map, at + c, out var a, out var b);
                a = Vector256.FusedMultiplyAdd(a, Vector256.Load(scale + c), Vector256.Load(shift + c));
                b = Vector256.FusedMultiplyAdd(b, Vector256.Load(scale + c + Half), Vector256.Load(shift + c + Half));
                if (other != null)
                {
                    TFormat.Load(other, at + c, out var otherA, out var otherB);
                    a += otherA;
                    b += otherB;
                }

                TFormat.Store(output, at + c, Vector256.Max(a, least), Vector256.Max(b, least));
            }
        }

        for (var i = shape.Rest; i < shape.Elements; i++)
        {
            var value = Normalised(TFormat.LoadOne(map, (nint)i), (int)(i % shape.Channels), numbers) + (other != null ? TFormat.LoadOne(other, (nint)i) : 0);
            TFormat.StoreOne(output, (nint)i, Math.Max(value, floor));
        }
    }

    /// <summary>Replaces a gradient by the sum with a second one, and by 0 where the output isn't positive.</summary>
    /// <param name="gradient">Changed.</param>
    /// <param name="second">Null for none.</param>
    /// <param name="output">Output of a ReLU; null for none.</param>
    /// <param name="elements">Elements of each.</param>
    public static void Gather(byte* gradient, byte* second, byte* output, long elements)
    {
        nint i = 0;
        for (; i + Block <= elements; i += Block)
        {
            TFormat.Load(gradient, i, out var a, out var b);
            if (second != null)
            {
                TFormat.Load(second, i, out var secondA, out var secondB);
                a += secondA;
                b += secondB;
            }

            if (output != null)
            {
                TFormat.Load(output, i, out var outputA, out var outputB);
                a &= Vector256.GreaterThan(outputA, Vector256<float>.Zero);
                b &= Vector256.GreaterThan(outputB, Vector256<float>.Zero);
            }

            TFormat.Store(gradient, i, a, b);
        }

        for (; i < elements; i++)
        {
            var value = TFormat.LoadOne(gradient, i) + (second != null ? TFormat.LoadOne(second, i) : 0);
            TFormat.StoreOne(gradient, i, output != null && !(TFormat.LoadOne(output, i) > 0) ? 0 : value);
        }
    }

    /// <summary>Gradient of what was normalised: gradient factor · u + map factor · map + constant, where u is what the gate lets pass.</summary>
    /// <param name="gradient">Gradient of the output.</param>
    /// <param name="map">What was normalised.</param>
    /// <param name="result">Written; may be <paramref name="gradient"/>.</param>
    /// <param name="shape">Shape of all.</param>
    /// <param name="numbers">The factors, and for the gate scale and shift.</param>
    public static void Backward<TGate>(byte* gradient, byte* map, byte* result, in RowShape shape, NormNumbers<TFormat> numbers)
        where TGate : struct, IGate
    {
        float* scale = numbers.Scale.BySpan, shift = numbers.Shift.BySpan;
        float* gradientFactor = numbers.GradientFactor.BySpan, mapFactor = numbers.MapFactor.BySpan, constant = numbers.Constant.BySpan;
        var span = shape.Span;
        nint at = 0;
        for (long i = 0; i < shape.Spans; i++, at += span)
        {
            for (var c = 0; c < span; c += Block)
            {
                TFormat.Load(map, at + c, out var mapA, out var mapB);
                TFormat.Load(gradient, at + c, out var a, out var b);
                a = TGate.Pass(a, mapA, Vector256.FusedMultiplyAdd(mapA, Vector256.Load(scale + c), Vector256.Load(shift + c)));
                b = TGate.Pass(b, mapB, Vector256.FusedMultiplyAdd(mapB, Vector256.Load(scale + c + Half), Vector256.Load(shift + c + Half)));
                mapA = Vector256.FusedMultiplyAdd(mapA, Vector256.Load(mapFactor + c), Vector256.Load(constant + c));
                mapB = Vector256.FusedMultiplyAdd(mapB, Vector256.Load(mapFactor + c + Half), Vector256.Load(constant + c + Half));
                TFormat.Store(
                    result, at + c, Vector256.FusedMultiplyAdd(a, Vector256.Load(gradientFactor + c), mapA),
                    Vector256.FusedMultiplyAdd(b, Vector256.Load(gradientFactor + c + Half), mapB));
            }
        }

        for (var i = shape.Rest; i < shape.Elements; i++)
        {
            var channel = (int)(i % shape.Channels);
            var value = TFormat.LoadOne(map, (nint)i);
            var passed = TGate.Pass(TFormat.LoadOne(gradient, (nint)i), value, Normalised(value, channel, numbers));
            value = MathF.FusedMultiplyAdd(value, numbers.MapFactor.ByChannel[channel], numbers.Constant.ByChannel[channel]);
            TFormat.StoreOne(result, (nint)i, MathF.FusedMultiplyAdd(passed, numbers.GradientFactor.ByChannel[channel], value));
        }
    }

    private static void AddSpan<TGate>(byte* gradient, byte* map, nint start, int span, NormNumbers<TFormat> numbers)
        where TGate : struct, IGate
    {
        float* centre = numbers.Centre.BySpan, scale = numbers.Scale.BySpan, shift = numbers.Shift.BySpan;
        float* sums = numbers.Sums, products = sums + span;
        for (var c = 0; c < span; c += Block)
        {
            TFormat.Load(map, start + c, out var mapA, out var mapB);
            Vector256<float> a = default, b = default;
            if (TGate.ReadsGradient)
            {
                TFormat.Load(gradient, start + c, out a, out b);
            }

            var centredA = mapA - Vector256.Load(centre + c);
            var centredB = mapB - Vector256.Load(centre + c + Half);
            a = TGate.Pass(a, centredA, Vector256.FusedMultiplyAdd(mapA, Vector256.Load(scale + c), Vector256.Load(shift + c)));
            b = TGate.Pass(b, centredB, Vector256.FusedMultiplyAdd(mapB, Vector256.Load(scale + c + Half), Vector256.Load(shift + c + Half)));
            (Vector256.Load(sums + c) + a).Store(sums + c);
            (Vector256.Load(sums + c + Half) + b).Store(sums + c + Half);
            Vector256.FusedMultiplyAdd(a, centredA, Vector256.Load(products + c)).Store(products + c);
            Vector256.FusedMultiplyAdd(b, centredB, Vector256.Load(products + c + Half)).Store(products + c + Half);
        }
    }

    private static void Flush(float* sums, double* totals, in RowShape shape)
    {
        for (var place = 0; place < shape.Span; place++)
        {
            var channel = ChannelNumbers<TFormat>.ChannelAt(place, shape.Channels);
            totals[channel] += sums[place];
            totals[shape.Channels + channel] += sums[shape.Span + place];
            sums[place] = sums[shape.Span + place] = 0;
        }
    }

    private static void AddRest<TGate>(byte* gradient, byte* map, in RowShape shape, NormNumbers<TFormat> numbers, double* totals)
        where TGate : struct, IGate
    {
        for (var i = shape.Rest; i < shape.Elements; i++)
        {
            var channel = (int)(i % shape.Channels);
            var value = TFormat.LoadOne(map, (nint)i);
            var centred = value - numbers.Centre.ByChannel[channel];
            var passed = TGate.Pass(TGate.ReadsGradient ? TFormat.LoadOne(gradient, (nint)i) : 0, centred, Normalised(value, channel, numbers));
            totals[channel] += passed;
            totals[shape.Channels + channel] += (double)passed * centred;
        }
    }

    private static float Normalised(float value, int channel, NormNumbers<TFormat> numbers) =>
        MathF.FusedMultiplyAdd(value, numbers.Scale.ByChannel[channel], numbers.Shift.ByChannel[channel]);
}
