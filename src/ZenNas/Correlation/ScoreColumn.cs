using System.Collections.Immutable;

namespace ZenNas.Correlation;

/// <summary>What one score says about each network.</summary>
public sealed class ScoreColumn
{
    /// <summary>Names a column of values.</summary>
    /// <param name="name">Name of the score; not empty.</param>
    /// <param name="values">Value per network, larger is better; NaN where the score failed.</param>
    /// <exception cref="ArgumentException">The name is empty or a value is infinite.</exception>
    public ScoreColumn(string name, ImmutableArray<double> values)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        for (var row = 0; row < values.Length; row++)
        {
            if (double.IsInfinity(values[row]))
            {
                throw new ArgumentException($"row {row} of score {name} is {values[row]}; allowed are finite values, or NaN for a failure", nameof(values));
            }
        }

        (Name, Values) = (name, values);
    }

    /// <summary>Name of the score.</summary>
    public string Name { get; }

    /// <summary>Value per network; NaN where the score failed.</summary>
    public ImmutableArray<double> Values { get; }
}
