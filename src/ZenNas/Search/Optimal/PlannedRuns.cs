using System.Collections.Immutable;

namespace ZenNas.Search.Optimal;

/// <summary>The runs of stages of all networks that fall into one plan.</summary>
/// <param name="plan">The plan.</param>
/// <param name="runs">Its runs, input side first.</param>
internal sealed class PlannedRuns(LayerPlan plan, ImmutableArray<ProgramRun> runs)
{
    /// <summary>Runs, input side first.</summary>
    public ImmutableArray<ProgramRun> Runs { get; } = runs;

    /// <summary>Values of the states behind the last run, by level and width.</summary>
    public double[] Out => Runs[^1].Out;

    /// <summary>Computes all values behind the values of first convolutions.</summary>
    public void Pass(double[] start)
    {
        var values = start;
        foreach (var run in Runs)
        {
            run.Pass(values);
            values = run.Out;
        }
    }

    /// <summary>The states in which a network of the plan may end.</summary>
    /// <param name="widths">How many widths there are.</param>
    public IEnumerable<(int Level, int Width)> States(int widths)
    {
        for (var level = Math.Max(0, plan.Fewest); level < Out.Length / widths && level <= plan.Most; level++)
        {
            for (var width = 0; width < widths; width++)
            {
                yield return (level, width);
            }
        }
    }
}
