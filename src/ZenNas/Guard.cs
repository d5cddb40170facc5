namespace ZenNas;

/// <summary>The one place where arguments are checked, so that every message names value and allowed range.</summary>
internal static class Guard
{
    public static int InRange(int value, int minimum, int maximum, string name) =>
        value >= minimum && value <= maximum
            ? value
            : throw new InvalidInputException($"{name} is {value}; allowed is {minimum} to {maximum}");

    public static double InRange(double value, double minimum, double maximum, string name) =>
        value >= minimum && value <= maximum
            ? value
            : throw new InvalidInputException($"{name} is {value}; allowed is {minimum} to {maximum}");

    public static int OneOf(int value, ReadOnlySpan<int> allowed, string name) =>
        allowed.Contains(value)
            ? value
            : throw new InvalidInputException($"{name} is {value}; allowed is one of {string.Join(", ", allowed.ToArray())}");
}
