using TorchSharp;
using static TorchSharp.torch;

namespace ZenNas.Torch;

/// <summary>
/// Operations with a number that stays alive while libtorch reads it. TorchSharp hands out the address of a number and forgets the object
/// that owns it; a garbage collection at that moment frees it, and the operation reads what came after.
/// </summary>
internal static class KeptScalars
{
    // TorchSharp's sums of two tensors multiply the second by a number of their own, which dies in the same way.
    private static readonly Scalar One = 1.0.ToScalar();

    /// <summary>The sum of two tensors of floating-point numbers.</summary>
    public static Tensor Plus(this Tensor tensor, Tensor other) => tensor.add(other, One);

    /// <summary>Adds a tensor of floating-point numbers in place.</summary>
    public static Tensor PlusInPlace(this Tensor tensor, Tensor other) => tensor.add_(other, One);

    public static Tensor Times(this Tensor tensor, double factor)
    {
        using var kept = factor.ToScalar();
        return tensor.mul(kept);
    }

    public static Tensor TimesInPlace(this Tensor tensor, double factor)
    {
        using var kept = factor.ToScalar();
        return tensor.mul_(kept);
    }

    public static Tensor Plus(this Tensor tensor, double addend)
    {
        using var kept = addend.ToScalar();
        return tensor.add(kept);
    }

    /// <summary>Adds a multiple of another tensor in place.</summary>
    public static Tensor PlusInPlace(this Tensor tensor, Tensor other, double factor)
    {
        using var kept = factor.ToScalar();
        return tensor.add_(other, kept);
    }

    public static Tensor AtMost(this Tensor tensor, double limit)
    {
        using var kept = limit.ToScalar();
        return tensor.clamp_max(kept);
    }

    public static Tensor IsAbove(this Tensor tensor, double limit)
    {
        using var kept = limit.ToScalar();
        return tensor.gt(kept);
    }

    /// <summary>The number in a tensor of one element.</summary>
    public static double Number(this Tensor tensor)
    {
        using var single = tensor.to_type(ScalarType.Float64).cpu();
        return single.data<double>()[0];
    }
}
