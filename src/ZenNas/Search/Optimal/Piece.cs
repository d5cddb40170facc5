namespace ZenNas.Search.Optimal;

/// <summary>What a part of a network adds to score and costs; parts are added up.</summary>
/// <param name="Score">Nats of the closed form, but for what depends on the number of convolutions.</param>
/// <param name="Parameters">Parameters.</param>
/// <param name="Macs">Multiply–adds per image.</param>
/// <param name="Ms">Predicted milliseconds; 0 where no latency is asked for.</param>
/// <param name="Convolutions">Convolutions of the vanilla chain, each followed by a ReLU.</param>
/// <param name="LogWidths">Sum of ln fan-in over them.</param>
internal readonly record struct Piece(double Score, double Parameters, double Macs, double Ms, double Convolutions, double LogWidths)
{
    public static Piece operator +(in Piece a, in Piece b) => new(
        a.Score + b.Score, a.Parameters + b.Parameters, a.Macs + b.Macs, a.Ms + b.Ms, a.Convolutions + b.Convolutions, a.LogWidths + b.LogWidths);

    /// <summary>The piece's part of the Lagrangian.</summary>
    public double Value(in Prices prices) =>
        Score - prices.Parameters * Parameters - prices.Macs * Macs - prices.Ms * Ms + prices.Convolution * Convolutions
        + prices.LogWidth * LogWidths;
}

/// <summary>Lagrange multipliers: nats for a unit of each cost, and what a convolution is worth.</summary>
/// <param name="Parameters">Nats a parameter, at least 0.</param>
/// <param name="Macs">Nats a multiply–add, at least 0.</param>
/// <param name="Ms">Nats a millisecond, at least 0.</param>
/// <param name="Convolution">Nats that a convolution adds by keeping the perturbation alive, less what its depth costs.</param>
/// <param name="LogWidth">Nats for making a convolution e times as wide, at least 0; 0 where depth to width isn't limited.</param>
internal readonly record struct Prices(double Parameters, double Macs, double Ms, double Convolution, double LogWidth);
