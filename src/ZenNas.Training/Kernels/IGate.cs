using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ZenNas.Training.Kernels;

/// <summary>What of a map and its gradient is summed up, or goes back.</summary>
internal interface IGate
{
    /// <summary>Whether the gradient is read at all.</summary>
    static abstract bool ReadsGradient { get; }

    /// <param name="gradient">Gradient of the output.</param>
    /// <param name="centred">The map less a number of its channel.</param>
    /// <param name="output">The output as it was before ReLU.</param>
    static abstract Vector256<float> Pass(Vector256<float> gradient, Vector256<float> centred, Vector256<float> output);

    /// <inheritdoc cref="Pass(Vector256{float}, Vector256{float}, Vector256{float})"/>
    static abstract float Pass(float gradient, float centred, float output);
}

/// <summary>The map itself: for mean and variance.</summary>
internal readonly struct MapItself : IGate
{
    public static bool ReadsGradient => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Pass(Vector256<float> gradient, Vector256<float> centred, Vector256<float> output) => centred;

    public static float Pass(float gradient, float centred, float output) => centred;
}

/// <summary>The gradient: where no ReLU follows, or it has been applied.</summary>
internal readonly struct OpenGate : IGate
{
    public static bool ReadsGradient => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Pass(Vector256<float> gradient, Vector256<float> centred, Vector256<float> output) => gradient;

    public static float Pass(float gradient, float centred, float output) => gradient;
}

/// <summary>The gradient where the output is positive: the gradient of ReLU.</summary>
internal readonly struct PositiveGate : IGate
{
    public static bool ReadsGradient => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Pass(Vector256<float> gradient, Vector256<float> centred, Vector256<float> output) =>
        Vector256.GreaterThan(output, Vector256<float>.Zero) & gradient;

    public static float Pass(float gradient, float centred, float output) => output > 0 ? gradient : 0;
}
